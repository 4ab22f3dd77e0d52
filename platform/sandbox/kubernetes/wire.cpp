#include "platform/sandbox/kubernetes/wire.h"

#include <fmt/format.h>
#include <algorithm>
#include <optional>
#include <set>

#include "base/quantity.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

bool is_zero(const Value& value) {
  switch (value.kind()) {
    case ValueKind::null: return true;
    case ValueKind::boolean: return !value.as_bool();
    case ValueKind::integer: return value.as_int() == 0;
    case ValueKind::string: return value.text().empty();
    case ValueKind::list: return value.items().empty();
    case ValueKind::map: return value.entries().empty();
    case ValueKind::floating:
    case ValueKind::decimal:
    case ValueKind::blob:
    case ValueKind::quantity:
    case ValueKind::duration:
    case ValueKind::set:
    case ValueKind::record:
    case ValueKind::reference:
    case ValueKind::secret:
    case ValueKind::unknown: return false;
  }
  return false;
}

Value zero_of(NodeKind kind) {
  if (kind == NodeKind::integer || kind == NodeKind::number || kind == NodeKind::int_or_string)
    return Value::integer(0);
  if (kind == NodeKind::boolean) return Value::boolean(false);
  return Value::string("");
}

Value canonical_quantity(const Value& value) {
  std::string written = value.is_string() ? std::string(value.text()) : to_json(value);
  auto quantity = Quantity::parse(written);
  return quantity ? Value::string(quantity->text()) : value;
}

Value encoded(const SchemaNode& schema, const Value& value);

/// The field as written, or nothing when it is left out.
std::optional<Value> encoded_field(const SchemaEntry& field, const Value* value) {
  if (value != nullptr && value->is_null()) value = nullptr;
  if (value != nullptr) {
    Value made = encoded(*field.node, *value);
    bool collection = field.node->is_list() || field.node->kind == NodeKind::map;
    if (collection && field.wire == WireRule::as_sent && is_zero(made)) return std::nullopt;
    if (field.wire == WireRule::drop_zero && is_zero(made)) return std::nullopt;
    return made;
  }
  switch (field.wire) {
    case WireRule::as_sent:
    case WireRule::drop_zero: return std::nullopt;
    case WireRule::always_record: return encoded(*field.node, Value::map({}));
    case WireRule::always_zero: return zero_of(field.node->kind);
    case WireRule::null_list:
    case WireRule::null_time: return Value();
    case WireRule::zero_quantity: return Value::string("0");
  }
  return std::nullopt;
}

Value encoded_record(const SchemaNode& schema, const Value& value) {
  std::vector<Entry> out;
  out.reserve(value.entries().size() + 4);
  for (const SchemaEntry& field : schema.fields) {
    const Value* sent = value.find(field.name);
    if (sent == nullptr && (field.wire == WireRule::as_sent || field.wire == WireRule::drop_zero)) continue;
    if (auto made = encoded_field(field, sent)) out.push_back({Value::string(field.name), *std::move(made)});
  }
  if (schema.element != nullptr) {
    for (const Entry& entry : value.entries()) {
      if (schema.field(entry.key.text()) == nullptr && !entry.value.is_null()) out.push_back(entry);
    }
  }
  return Value::map(std::move(out));
}

Value encoded(const SchemaNode& schema, const Value& value) {
  switch (schema.kind) {
    case NodeKind::string:
    case NodeKind::bytes:
    case NodeKind::time:
    case NodeKind::integer:
    case NodeKind::number:
    case NodeKind::boolean:
    case NodeKind::int_or_string:
    case NodeKind::json: return value;
    case NodeKind::quantity: return canonical_quantity(value);
    case NodeKind::record: return value.is_fields() ? encoded_record(schema, value) : value;
    case NodeKind::list:
    case NodeKind::set: {
      if (!value.is_sequence()) return value;
      std::vector<Value> items;
      items.reserve(value.items().size());
      for (const Value& item : value.items()) {
        // Go decodes a null into a zero value.
        Value zero = schema.element->is_scalar() ? zero_of(schema.element->kind) : Value::map({});
        items.push_back(encoded(*schema.element, item.is_null() ? zero : item));
      }
      return Value::list(std::move(items));
    }
    case NodeKind::map: {
      if (!value.is_fields()) return value;
      std::vector<Entry> out;
      for (const Entry& entry : value.entries()) {
        if (!entry.value.is_null()) {
          out.push_back({entry.key, encoded(*schema.element, entry.value)});
        } else if (schema.element->is_scalar()) {
          out.push_back({entry.key, zero_of(schema.element->kind)});
        }
      }
      return Value::map(std::move(out));
    }
  }
  return value;
}

void find_unknown(const SchemaNode& schema, const Value& value, const std::string& path,
                  std::vector<std::string>& into) {
  if (value.is_sequence() && schema.is_list()) {
    for (std::size_t i = 0; i < value.items().size(); ++i) {
      find_unknown(*schema.element, value.items()[i], fmt::format("{}[{}]", path, i), into);
    }
  }
  if (!value.is_fields() || (schema.kind != NodeKind::record && schema.kind != NodeKind::map)) return;
  for (const Entry& entry : value.entries()) {
    std::string below =
        path.empty() ? std::string(entry.key.text()) : fmt::format("{}.{}", path, entry.key.text());
    if (const SchemaNode* child = schema.child(entry.key.text())) {
      find_unknown(*child, entry.value, below, into);
    } else {
      into.push_back(fmt::format("unknown field \"{}\"", below));
    }
  }
}

std::string_view json_word(const Value& value) {
  if (value.is_string()) return "string";
  if (value.is_sequence()) return "array";
  if (value.is_fields()) return "object";
  return value.kind() == ValueKind::boolean ? "bool" : "number";
}

struct GoType {
  std::string_view name;
  bool fits = true;
};

GoType go_type(const SchemaNode& schema, const Value& value) {
  bool number = value.kind() == ValueKind::integer || value.kind() == ValueKind::decimal;
  switch (schema.kind) {
    case NodeKind::string:
    case NodeKind::bytes:
    case NodeKind::time: return {"string", value.is_string()};
    case NodeKind::integer: return {"int32", value.kind() == ValueKind::integer};
    case NodeKind::number: return {"float64", number};
    case NodeKind::boolean: return {"bool", value.kind() == ValueKind::boolean};
    case NodeKind::quantity: return {"resource.Quantity", value.is_string() || number};
    case NodeKind::int_or_string: return {"intstr.IntOrString", value.is_string() || number};
    case NodeKind::json: return {};
    case NodeKind::list:
    case NodeKind::set: return {"[]", value.is_sequence()};
    case NodeKind::map: return {"map[string]", value.is_fields()};
    case NodeKind::record: return {schema.name, value.is_fields()};
  }
  return {};
}

std::string find_misfit(const SchemaNode& schema, std::string_view kind, const Value& value,
                        const std::string& path) {
  if (value.is_null() || schema.kind == NodeKind::json)
    return {};  // json may be a list, and says no more of it
  GoType type = go_type(schema, value);
  if (!type.fits) {
    return fmt::format("json: cannot unmarshal {} into Go struct field {}.{} of type {}", json_word(value),
                       kind, path, type.name);
  }
  if (schema.kind == NodeKind::quantity &&
      !Quantity::parse(value.is_string() ? std::string(value.text()) : to_json(value))) {
    return "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
  }
  if (value.is_sequence()) {
    for (const Value& item : value.items()) {
      if (std::string why = find_misfit(*schema.element, kind, item, path); !why.empty()) return why;
    }
  } else if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      const SchemaNode* child = schema.child(entry.key.text());
      if (child == nullptr) continue;
      std::string below =
          path.empty() ? std::string(entry.key.text()) : fmt::format("{}.{}", path, entry.key.text());
      if (std::string why = find_misfit(*child, kind, entry.value, below); !why.empty()) return why;
    }
  }
  return {};
}

}  // namespace

Value as_encoded(const SchemaNode& schema, const Value& object) { return encoded(schema, object); }

Value blank_object(const SchemaNode& schema) {
  return without(without(encoded(schema, Value::map({})), {"apiVersion"}), {"kind"});
}

std::vector<std::string> unknown_fields(const SchemaNode& schema, const Value& object) {
  std::vector<std::string> found;
  find_unknown(schema, object, {}, found);
  return found;
}

std::string decode_error(const SchemaNode& schema, std::string_view kind, const Value& object) {
  return find_misfit(schema, kind, object, {});
}

namespace {

/// Walks valid JSON text and notes keys that an object has twice. The parser keeps the last without a word.
class DuplicateFinder {
 public:
  explicit DuplicateFinder(std::string_view text) : text_(text) {}

  std::vector<std::string> found;

  void value(const std::string& path) {
    blanks();
    if (at_ >= text_.size()) return;
    if (text_[at_] == '{') {
      object(path);
    } else if (text_[at_] == '[') {
      list(path);
    } else if (text_[at_] == '"') {
      (void)string();
    } else {
      while (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '}' && text_[at_] != ']') ++at_;
    }
  }

 private:
  void blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t'))
      ++at_;
  }
  bool take(char c) {
    blanks();
    bool there = at_ < text_.size() && text_[at_] == c;
    if (there) ++at_;
    return there;
  }
  std::string_view string() {
    std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
    std::size_t end = std::min(at_, text_.size());
    ++at_;
    return text_.substr(begin, end - begin);
  }
  void object(const std::string& path) {
    ++at_;
    std::set<std::string_view> seen;
    while (!take('}') && at_ < text_.size()) {
      blanks();
      if (at_ >= text_.size() || text_[at_] != '"') return;
      std::string_view key = string();
      std::string below = path.empty() ? std::string(key) : fmt::format("{}.{}", path, key);
      if (!seen.insert(key).second) found.push_back(below);
      if (!take(':')) return;
      value(below);
      (void)take(',');
    }
  }
  void list(const std::string& path) {
    ++at_;
    for (std::size_t index = 0; !take(']') && at_ < text_.size(); ++index) {
      std::size_t before = at_;
      value(fmt::format("{}[{}]", path, index));
      (void)take(',');
      if (at_ == before) return;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> duplicate_fields(std::string_view json) {
  DuplicateFinder finder(json);
  finder.value({});
  return std::move(finder.found);
}

}  // namespace carbon::sandbox
