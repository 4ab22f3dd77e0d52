#include "platform/connectors/kubernetes/fields_v1.h"

#include <charconv>
#include <optional>

#include "base/value_json.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

tl::unexpected<Error> malformed(std::string_view key) {
  return fail(DiagnosticCode::bad_reply, "managedFields holds `" + std::string(key) + "`");
}

std::string key_text(const Value& value) {
  return value.is_string() ? std::string(value.text()) : to_json(value);
}

Result<FieldStep> item_by_key(std::string_view json, const Type* list) {
  Value keys = CARBON_TRY(parse_json(json));
  if (!keys.is_fields()) return malformed(json);
  std::vector<std::string> texts;
  if (list != nullptr && list->keys.size() == keys.entries().size()) {
    for (const std::string& name : list->keys) {
      const Value* value = keys.find(name);
      if (value == nullptr) return malformed(json);
      texts.push_back(key_text(*value));
    }
  } else {
    for (const Entry& entry : keys.entries()) texts.push_back(key_text(entry.value));
  }
  return FieldStep::keyed(std::move(texts));
}

Result<FieldStep> step_of(std::string_view key, const Type* schema) {
  if (key.size() < 2 || key[1] != ':') return malformed(key);
  std::string_view rest = key.substr(2);
  switch (key[0]) {
    case 'f': return FieldStep::field(std::string(rest));
    case 'k': return item_by_key(rest, schema);
    case 'v': return FieldStep::of(CARBON_TRY(parse_json(rest)));
    case 'i': {
      std::size_t index = 0;
      auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), index);
      if (error != std::errc() || end != rest.data() + rest.size()) return malformed(key);
      return FieldStep::at(index);
    }
    default: return malformed(key);
  }
}

Status decode_into(const Value& node, const Type* outer, FieldSet& set) {
  if (!node.is_fields()) return malformed(to_json(node));
  if (node.entries().empty()) set.set_here();
  const Type* schema = outer == nullptr ? nullptr : &plain_type(*outer);
  for (const Entry& entry : node.entries()) {
    if (entry.key.text() == ".") {
      set.set_here();
      continue;
    }
    FieldStep step = CARBON_TRY(step_of(entry.key.text(), schema));
    const Type* below = schema == nullptr ? nullptr : step_type(*schema, step);
    CARBON_CHECK(decode_into(entry.value, below, set.child(step)));
  }
  return {};
}

}  // namespace

Result<FieldSet> decode_fields_v1(const Value& fields, const Type* schema) {
  FieldSet set;
  // An entry without any field is legal, and is not a member itself.
  if (fields.is_fields() && fields.entries().empty()) return set;
  CARBON_CHECK(decode_into(fields, schema, set));
  return set;
}

}  // namespace carbon
