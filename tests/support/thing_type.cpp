#include "tests/support/thing_type.h"

#include <initializer_list>
#include <string>
#include <utility>

namespace carbon::test {

namespace {

using enum FieldFlag;

TypePtr record(TypeTable& types, std::initializer_list<std::pair<const char*, TypePtr>> fields) {
  Type& made = types.make(TypeKind::record);
  for (const auto& [name, type] : fields) made.fields.push_back({name, type, none, ""});
  return &made;
}

TypePtr keyed(TypeTable& types, TypePtr item, std::vector<std::string> keys) {
  Type& made = types.make(TypeKind::list);
  made.element = item;
  made.keys = std::move(keys);
  return &made;
}

TypePtr atomic_map(TypeTable& types, TypePtr element) {
  Type& made = types.make(TypeKind::map);
  made.element = element;
  made.atomic = true;
  return &made;
}

TypePtr choice(TypeTable& types) {
  Type& made = types.make(TypeKind::union_);
  TypePtr text = types.basic(TypeKind::string);
  made.alternatives = {
      record(types, {{"kind", types.literal("file")}, {"path", text}}),
      record(types, {{"kind", types.literal("size")}, {"limit", types.basic(TypeKind::quantity)}})};
  return &made;
}

TypePtr schema(TypeTable& types) {
  TypePtr text = types.basic(TypeKind::string);
  TypePtr number = types.basic(TypeKind::integer);
  Type& made = types.make(TypeKind::record);
  auto add = [&](const char* name, TypePtr type, FieldFlag flags = none) {
    made.fields.push_back({name, type, flags, ""});
  };
  add("name", text, identity);
  add("image", types.optional(text));
  add("replicas", number, server_default);
  add("memory", types.basic(TypeKind::quantity));
  add("ttl", types.basic(TypeKind::duration));
  add("content", types.basic(TypeKind::blob));
  add("port", types.basic(TypeKind::int_or_string));
  add("ratio", types.basic(TypeKind::floating));
  add("tags", types.set(text));
  add("labels", types.map(text));
  add("selector", atomic_map(types, text), immutable);
  add("args", types.list(text));
  add("tolerations", types.list(record(types, {{"key", text}, {"effect", text}, {"seconds", number}})));
  add("ports", keyed(types, record(types, {{"port", number}, {"protocol", text}, {"label", text}}),
                     {"port", "protocol"}));
  add("containers",
      keyed(types,
            record(types, {{"name", text}, {"image", text}, {"memory", types.basic(TypeKind::quantity)}}),
            {"name"}));
  add("config", types.basic(TypeKind::json));
  add("source", choice(types));
  add("password", types.secret(text));
  add("token", types.secret(text), write_only);
  add("data", types.map(types.secret(text)), sensitive);
  add("zone", text, immutable);
  add("schedule", types.optional(types.checked(CheckedString::cron)));
  add("parent", types.reference("test.Thing"));
  add("host", text, computed);
  return &made;
}

const ResourceType* add_type(ResourceTypes& types, std::string name, Transport transport) {
  auto made = std::make_unique<ResourceType>();
  made->data_bearing = name == "test.Volume";
  made->name = std::move(name);
  made->transport = transport;
  made->schema = schema(types.types());
  made->provider_type = "test.Server";
  made->identity = {FieldPath{{FieldStep::field("name")}}};
  return &types.add(std::move(made));
}

}  // namespace

ThingTypes::ThingTypes() {
  thing_ = add_type(types_, "test.Thing", Transport::kubernetes);
  volume_ = add_type(types_, "test.Volume", Transport::sql);
  auto server = std::make_unique<ResourceType>();
  server->name = "test.Server";
  server->transport = Transport::connection;
  server->schema = record(types_.types(), {{"host", types_.types().basic(TypeKind::string)}});
  types_.add(std::move(server));
}

}  // namespace carbon::test
