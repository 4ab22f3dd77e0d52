#include "cli/render.h"

#include <fmt/format.h>

#include "base/value_document.h"
#include "engine/expr/wording.h"
#include "engine/model/typed_path.h"

namespace carbon {

using document::field;
using document::text;

namespace {

enum class Content : bool { plain, secret };

/// `$carbon`, `$$carbon` and so on, which get one `$` more.
bool looks_like_hole_key(std::string_view key) {
  std::size_t first = key.find_first_not_of('$');
  return first != 0 && first != std::string_view::npos && key.substr(first) == hole_key.substr(1);
}

/// Where an open value comes from: `config.metadata.uid`, `secret.env("TOKEN")`, `interpolate(…)` around
/// them. Constants are left out: they may be part of a secret.
std::string origin_of(const Value& value) {
  const OpenTerm& term = value.term();
  bool leaf = term.function == "attribute" || term.function == "secret.env" || term.function == "secret.file";
  if (leaf) return open_leaf(value);
  if (term.function == "convert" && !term.arguments.empty()) {
    const Value& inner = term.arguments.front();
    if (inner.is_unknown() || inner.is_secret()) return origin_of(inner);
  }
  std::string inside;
  for (const Value& argument : term.arguments) {
    if (!argument.is_unknown() && !argument.is_secret()) continue;
    inside += (inside.empty() ? "" : ", ") + origin_of(argument);
  }
  return fmt::format("{}({})", term.function, inside);
}

Value hole(std::string_view kind, std::string type, std::string from) {
  return Value::record({field(hole_key, text(kind)), field("type", text(type)), field("from", text(from))});
}

Value render(const Value& value, const Type& outer, Content content) {
  static const Type json{};
  const Type& type = plain_type(outer);
  Content inner = outer.kind == TypeKind::secret ? Content::secret : content;
  if (value.is_secret()) return hole("secret", to_string(type), origin_of(value));
  if (value.is_unknown())
    return hole(inner == Content::secret ? "secret" : "unknown", to_string(type), origin_of(value));
  if (value.is_fields()) {
    std::vector<Entry> fields;
    for (const Entry& entry : value.entries()) {
      if (entry.value.is_null()) continue;
      std::string name(entry.key.text());
      const FieldType* known = type.field(name);
      bool hidden = known != nullptr && has(known->flags, FieldFlag::sensitive);
      TypePtr next = step_type(type, FieldStep::field(name));
      Value made = render(entry.value, next == nullptr ? json : *next, hidden ? Content::secret : inner);
      if (looks_like_hole_key(name)) name.insert(0, "$");
      fields.push_back({Value::string(name), std::move(made)});
    }
    return Value::record(std::move(fields));
  }
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& item : value.items())
      items.push_back(render(item, type.element == nullptr ? json : *type.element, inner));
    return Value::list(std::move(items));
  }
  if (inner == Content::secret && !value.is_null()) return hole("secret", to_string(type), "written");
  return value;
}

/// Of a Secret that carbon generates: its keys, each a hole.
Value generated_data(const Value& keys) {
  std::vector<Entry> data;
  for (const Entry& entry : keys.entries())
    data.push_back({entry.key, hole("secret", "string", "generated")});
  return Value::record(std::move(data));
}

Value manifest(const Resource& resource) {
  const ResourceType& type = *resource.type;
  Value desired = render(resource.desired, *type.schema, Content::plain);
  std::vector<Entry> out{
      field("apiVersion", text(type.kubernetes.api_version())),
      field("kind", text(type.kubernetes.kind)),
  };
  if (const Value* metadata = desired.find("metadata")) out.push_back(field("metadata", *metadata));
  for (const Entry& entry : desired.entries()) {
    std::string_view name = entry.key.text();
    if (name == "metadata") continue;
    if (type.generated && name == "keys") {
      out.push_back(field("stringData", generated_data(entry.value)));
    } else {
      out.push_back(entry);
    }
  }
  return Value::record(std::move(out));
}

}  // namespace

bool is_hole(const Value& value) { return value.is_fields() && value.find(hole_key) != nullptr; }

Value rendered(const Resource& resource) {
  if (resource.type->transport == Transport::kubernetes) return manifest(resource);
  return render(resource.desired, *resource.type->schema, Content::plain);
}

}  // namespace carbon
