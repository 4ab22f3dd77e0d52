#include "engine/observe/live_values.h"

#include "base/field_path.h"
#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"
#include "engine/plan/normal_form.h"

namespace carbon {

Result<Value> live_attribute(const ResourceGraph& graph, const LiveState& live, std::string_view address,
                             std::string_view path) {
  Value open = Value::unknown_attribute(address, path);
  std::uint32_t index = graph.find(address);
  auto object = live.objects.find(Address(address));
  if (index == ResourceGraph::npos || object == live.objects.end()) return open;
  const Resource& resource = graph.resource(index);
  Presence presence = object->second.presence;
  if (presence == Presence::absent && resource.mode == ResourceMode::optional_lookup) return Value();
  if (presence != Presence::present) return open;
  FieldPath wanted = CARBON_TRY(FieldPath::parse(path));
  Value view = live_view(*resource.type, object->second.object, resource.desired);
  const Value* value = find_at(view, *resource.type->schema, wanted);
  if (value == nullptr || value->is_null()) return open;
  TypePtr type = type_at(*resource.type->schema, wanted);
  return type == nullptr ? *value : normal_form(*value, *type);
}

}  // namespace carbon
