// Any text ends within the limits. What is read is written back by yaml_encode's writer and, since JSON is
// YAML, by the JSON writer, and read as the same.

#include "platform/yaml/yaml.h"

#include <algorithm>

#include "base/value_json.h"
#include "stdlib/native/yaml_text.h"
#include "tests/fuzz/target.h"

namespace carbon::fuzz {

namespace {

/// Bytes are written as base64 text, which is read as text.
bool holds_blob(const Value& value) {
  if (value.kind() == ValueKind::blob) return true;
  if (value.is_sequence()) return std::any_of(value.items().begin(), value.items().end(), holds_blob);
  if (!value.is_fields()) return false;
  return std::any_of(value.entries().begin(), value.entries().end(),
                     [](const Entry& entry) { return holds_blob(entry.value); });
}

/// Longer keys are beyond what JSON has in common with YAML (1.2, section 7.4.2).
bool has_long_key(const Value& value) {
  if (value.is_sequence()) return std::any_of(value.items().begin(), value.items().end(), has_long_key);
  if (!value.is_fields()) return false;
  return std::any_of(value.entries().begin(), value.entries().end(), [](const Entry& entry) {
    return json_quote(entry.key.text()).size() > 1000 || has_long_key(entry.value);
  });
}

void same(const Result<Value>& again, const Value& value, const std::string& written) {
  demand(again.has_value(), "what was written is refused", written);
  demand(*again == value, "what was written is read as something else", written);
}

}  // namespace

void check_yaml(std::string_view input) {
  YamlLimits limits;
  limits.nodes = 10'000;
  limits.depth = 50;
  (void)parse_yaml_documents(input, limits);
  Result<Value> value = parse_yaml(input, limits);
  if (!value || holds_blob(*value)) return;
  std::string yaml = to_yaml(*value);
  same(parse_yaml(yaml), *value, yaml);
  std::string json = to_json(*value);
  same(parse_json(json), *value, json);
  if (!has_long_key(*value)) same(parse_yaml(json), *value, json);
}

}  // namespace carbon::fuzz
