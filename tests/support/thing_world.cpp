#include "tests/support/thing_world.h"

#include <stdexcept>

#include <fmt/format.h>
#include <cstdlib>

#include "base/value_json.h"
#include "engine/plan/value_digests.h"

namespace carbon::test {

namespace {

/// Test data is right, or the test stops.
template <class T>
T sure(Result<T> result) {
  if (result) return std::move(*result);
  fmt::print(stderr, "bad test data: {}\n", result.error().message());
  std::abort();
}

Value with_name(std::string_view json, std::string_view name) {
  Value fields = sure(decode_value(json));
  std::vector<Entry> entries(fields.entries().begin(), fields.entries().end());
  if (fields.find("name") == nullptr) entries.push_back({Value::string("name"), Value::string(name)});
  return Value::record(std::move(entries));
}

std::string shown(const std::optional<Value>& value) { return value ? to_json(*value) : "-"; }

}  // namespace

std::string PlainDigester::sha256_hex(std::string_view bytes) const {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3;
  }
  return fmt::format("{0:016x}{0:016x}{0:016x}{0:016x}", hash);
}

std::string PlainDigester::sign(std::string_view bytes) const {
  return sha256_hex("signed " + std::string(bytes));
}

ThingWorld::ThingWorld() {
  add_operators(functions);
  inventory.platform = "shop";
  inventory.environment = "prod";
  inventory.world = "live";
  inventory.generation = 7;
  Provider server;
  server.address = "server";
  server.type = types.types().find("test.Server");
  server.config = sure(decode_value(R"({"host":"h"})"));
  providers.push_back(server);
  live.targets["server"] = {"https://h", "target-1", "v1"};
}

Resource& ThingWorld::declare(std::string address, std::string_view desired) {
  Resource& made = resources.emplace_back();
  made.desired = with_name(desired, address);
  made.address = std::move(address);
  made.type = &types.thing();
  auto line = static_cast<std::uint32_t>(resources.size());
  made.span = {line * 10, line * 10 + 1};
  return made;
}

Resource& ThingWorld::declare_volume(std::string address, std::string_view desired) {
  Resource& made = declare(std::move(address), desired);
  made.type = &types.volume();
  return made;
}

void ThingWorld::need(std::string from, std::string to) {
  edges.emplace_back(std::move(from), std::move(to));
}

LiveObject& ThingWorld::observe(const std::string& address, std::string_view json, std::string uid) {
  LiveObject& object = live.objects[address];
  object.presence = Presence::present;
  object.object = sure(parse_json(json));
  object.uid = std::move(uid);
  object.version = "1";
  return object;
}

void ThingWorld::absent(const std::string& address) { live.objects[address].presence = Presence::absent; }
void ThingWorld::later(const std::string& address) { live.objects[address].presence = Presence::later; }

void ThingWorld::unreadable(const std::string& address, std::string why) {
  live.objects[address].presence = Presence::unknown;
  live.objects[address].why = Error(DiagnosticCode::unreachable, std::move(why));
}

InventoryEntry& ThingWorld::own_volume(const std::string& address, std::string_view applied,
                                       std::string_view values) {
  InventoryEntry& entry = own(address, "", applied);
  entry.type = "test.Volume";
  entry.value_digests =
      value_digests(types.volume(), address, entry.applied, sure(decode_value(values)), {}, options().digest);
  return entry;
}

InventoryEntry& ThingWorld::own(const std::string& address, std::string uid, std::string_view applied) {
  InventoryEntry& entry = inventory.entries[address];
  entry.address = address;
  entry.type = "test.Thing";
  entry.type_version = "1";
  entry.provider = "server";
  entry.provider_key = "target-1";
  entry.provider_config = providers.front().config;
  entry.identity = with_name("{}", address);
  entry.uid = std::move(uid);
  entry.applied = sure(FieldSet::decode(applied));
  entry.declared_at = "platform.carbon:" + std::to_string(inventory.entries.size());
  return entry;
}

ResourceGraph ThingWorld::graph() const {
  ResourceGraph::Builder builder;
  for (const Provider& provider : providers) builder.add_provider(provider);
  for (const Resource& resource : resources) builder.add_resource(resource);
  for (const auto& [from, to] : edges) builder.add_edge(from, to, EdgeReason::reference, {});
  builder.set_moves(moves);
  DiagnosticSink errors;
  ResourceGraph made = std::move(builder).build(errors);
  if (errors.has_errors()) std::abort();
  return made;
}

PlanOptions ThingWorld::options() {
  PlanOptions made{.types = types.types(), .functions = functions, .digester = digester};
  made.source_digest = "source";
  made.tool_version = "0.1.0";
  made.digest = [this](std::string_view address, std::string_view field, std::string_view content) {
    return digester.sign(fmt::format("{} {} {}", address, field, content));
  };
  made.locate = [](std::uint32_t offset) { return Written{"platform.carbon", offset / 10}; };
  return made;
}

Plan ThingWorld::plan() { return plan(options()); }

Plan ThingWorld::plan(const PlanOptions& with) {
  sink = DiagnosticSink();
  ResourceGraph declared = graph();
  return carbon::plan(declared, live, with.destroy ? inventory : relocate(inventory, declared, sink), with,
                      sink);
}

std::string ThingWorld::lines(const Plan& plan) {
  std::string out;
  for (const Change& change : plan.changes) {
    out += fmt::format("{} {}", to_string(change.action), change.address);
    if (change.stage != 1) out += fmt::format(" in stage {}", change.stage);
    if (change.because != Because::none) out += fmt::format(" because {}", to_string(change.because));
    if (!change.because_detail.empty()) out += fmt::format(" ({})", change.because_detail);
    if (!change.moved_from.empty()) out += fmt::format(" from {}", change.moved_from);
    for (const FieldChange& field : change.fields) {
      out += fmt::format("\n  {}", field.path.text());
      out += field.secret ? " (secret)" : fmt::format(" {} => {}", shown(field.before), shown(field.after));
    }
    out += "\n";
  }
  return out;
}

std::string ThingWorld::codes() const {
  std::string out;
  for (const Diagnostic& diagnostic : sink.all()) {
    out += (out.empty() ? "" : " ") + to_string(diagnostic.code);
  }
  return out;
}

const Diagnostic& ThingWorld::only_error() const {
  if (sink.all().size() != 1) throw std::logic_error("not one error: " + codes());
  return sink.all().front();
}

}  // namespace carbon::test
