#include <fmt/format.h>
#include <set>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/typed_walk.h"

namespace carbon::sandbox {

namespace {

/// As Go's `%#v` prints the wrapped value, which is what the server tells (recorded/137).
std::string go_value(const Value& value) {
  std::string shown = value.is_string() ? json_quote(value.text()) : to_json(value);
  return fmt::format("&value.valueUnstructured{{Value:{}}}", shown);
}

class Checker {
 public:
  explicit Checker(Duplicates duplicates) : duplicates_(duplicates) {}

  void check(const SchemaNode& schema, const Value& value, const std::string& path) {
    if (value.is_null()) return;
    switch (schema.kind) {
      case NodeKind::string:
      case NodeKind::bytes:
      case NodeKind::time: expect(value.is_string(), "string", value, path); return;
      case NodeKind::integer:
      case NodeKind::number: expect(is_number(value), "numeric (int or float)", value, path); return;
      case NodeKind::boolean: expect(value.kind() == ValueKind::boolean, "boolean", value, path); return;
      case NodeKind::quantity:
      case NodeKind::int_or_string:
        expect(value.is_string() || is_number(value) || value.kind() == ValueKind::boolean, "any scalar",
               value, path);
        return;
      case NodeKind::json: return;
      case NodeKind::list:
      case NodeKind::set: list(schema, value, path); return;
      case NodeKind::map:
      case NodeKind::record: object(schema, value, path); return;
    }
  }

  std::vector<std::string> errors;

 private:
  static bool is_number(const Value& value) {
    return value.kind() == ValueKind::integer || value.kind() == ValueKind::decimal ||
           value.kind() == ValueKind::floating;
  }

  void expect(bool fits, std::string_view wanted, const Value& value, const std::string& path) {
    if (!fits) errors.push_back(fmt::format("{}: expected {}, got {}", path, wanted, go_value(value)));
  }

  void list(const SchemaNode& schema, const Value& value, const std::string& path) {
    expect(value.is_sequence(), "list", value, path);
    if (!value.is_sequence()) return;
    std::set<std::string, std::less<>> seen;
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      const Value& item = value.items()[i];
      std::string step = schema.is_associative() ? item_step(schema, item, i) : fmt::format("i:{}", i);
      if (schema.is_associative() && !keys_present(schema, item, path, i)) continue;
      if (duplicates_ == Duplicates::refused && !seen.insert(step).second) {
        errors.push_back(fmt::format("{}: duplicate entries for key {}", path, step_text(step)));
        continue;
      }
      check(*schema.element, item, path + step_text(step));
    }
  }

  bool keys_present(const SchemaNode& schema, const Value& item, const std::string& path, std::size_t index) {
    if (schema.kind == NodeKind::set || !item.is_fields()) return true;
    for (const std::string& key : schema.keys) {
      const SchemaEntry* field = schema.element->field(key);
      const Value* value = item.find(key);
      if ((value == nullptr || value->is_null()) && (field == nullptr || !field->default_value)) {
        errors.push_back(
            fmt::format("{}: element {}: associative list with keys has an element that omits key field "
                        "\"{}\" (and doesn't have "
                        "default value)",
                        path, index, key));
        return false;
      }
    }
    return true;
  }

  void object(const SchemaNode& schema, const Value& value, const std::string& path) {
    expect(value.is_fields(), "map", value, path);
    if (!value.is_fields()) return;
    for (const Entry& entry : value.entries()) {
      std::string below = fmt::format("{}.{}", path, entry.key.text());
      if (const SchemaNode* child = schema.child(entry.key.text())) {
        check(*child, entry.value, below);
      } else {
        errors.push_back(below + ": field not declared in schema");
      }
    }
  }

  Duplicates duplicates_;
};

}  // namespace

std::vector<std::string> typed_errors(const SchemaNode& schema, const Value& value, Duplicates duplicates) {
  Checker checker(duplicates);
  checker.check(schema, value, {});
  return std::move(checker.errors);
}

}  // namespace carbon::sandbox
