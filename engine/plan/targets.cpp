#include "engine/plan/targets.h"

#include <vector>

#include "engine/model/identity.h"

namespace carbon {

namespace {

Value target_of(const Value& reference, const ResourceGraph& graph) {
  std::uint32_t index = graph.find(reference.text());
  if (index == ResourceGraph::npos) return reference;
  const Resource& target = graph.resource(index);
  Value identity = identity_value(*target.type, target.desired);
  const std::string& assigned = target.type->operations.assigned;
  if (assigned.empty()) return identity;
  std::vector<Entry> entries(identity.entries().begin(), identity.entries().end());
  entries.push_back({Value::string(assigned), Value::unknown_attribute(target.address, assigned)});
  return Value::record(std::move(entries));
}

}  // namespace

Value with_targets(const Value& value, const ResourceGraph& graph) {
  if (value.kind() == ValueKind::reference) return target_of(value, graph).with_origin(value.origin());
  if (value.is_secret() || value.is_unknown()) return value;
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& item : value.items()) items.push_back(with_targets(item, graph));
    Value made =
        value.kind() == ValueKind::set ? Value::set(std::move(items)) : Value::list(std::move(items));
    return made.with_origin(value.origin());
  }
  if (!value.is_fields()) return value;
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) entries.push_back({entry.key, with_targets(entry.value, graph)});
  Value made =
      value.kind() == ValueKind::map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
  return made.with_origin(value.origin());
}

}  // namespace carbon
