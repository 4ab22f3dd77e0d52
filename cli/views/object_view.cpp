#include "cli/views/object_view.h"

#include "engine/model/typed_path.h"

namespace carbon {

namespace {

enum class Inside : bool { plain, secret };

Value hidden(const Value& value, const Type& outer, Inside inside) {
  static const Type json{};
  const Type& type = plain_type(outer);
  bool secret = inside == Inside::secret || outer.kind == TypeKind::secret;
  if (value.is_fields()) {
    std::vector<Entry> fields;
    for (const Entry& entry : value.entries()) {
      std::string name(entry.key.text());
      // kubectl's annotation is a copy of the whole object, its secrets included.
      if (name == "managedFields" || name == "kubectl.kubernetes.io/last-applied-configuration") continue;
      const FieldType* field = type.field(name);
      bool below = secret || (field != nullptr && has(field->flags, FieldFlag::sensitive));
      TypePtr next = step_type(type, FieldStep::field(std::move(name)));
      fields.push_back({entry.key, hidden(entry.value, next == nullptr ? json : *next,
                                          below ? Inside::secret : Inside::plain)});
    }
    return Value::map(std::move(fields));
  }
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& item : value.items()) {
      items.push_back(
          hidden(item, type.element == nullptr ? json : *type.element, secret ? Inside::secret : inside));
    }
    return Value::list(std::move(items));
  }
  return secret && !value.is_null() ? Value::string("(secret)") : value;
}

}  // namespace

Value without_secrets(const Value& object, const Type& schema) {
  return hidden(object, schema, Inside::plain);
}

}  // namespace carbon
