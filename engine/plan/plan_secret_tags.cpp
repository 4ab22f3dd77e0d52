// Secrets that are the same one have the same tag: a reader sees that a rotated password reaches all who use
// it, and nothing of the password. They are the same when they come from the same place; contents are not
// compared.

#include <map>

#include "base/value_json.h"
#include "engine/model/typed_path.h"
#include "engine/plan/plan_builder.h"

namespace carbon {

/// In the order of the plan. O(n log n) of the secret fields.
void PlanBuilder::tag_secrets() {
  std::map<std::string, std::vector<FieldChange*>> by_source;
  std::vector<const std::string*> order;
  for (Change& change : plan_.changes) {
    for (FieldChange& field : change.fields) {
      const ResourceType* type = field.secret ? options_.types.find(change.type) : nullptr;
      if (type == nullptr || !change.desired.is_fields()) continue;
      const Value* wanted = find_at(change.desired, *type->schema, field.path);
      if (wanted == nullptr || !wanted->is_secret()) continue;
      auto [at, fresh] = by_source.try_emplace(encode_value(*wanted));
      at->second.push_back(&field);
      if (fresh) order.push_back(&at->first);
    }
  }
  std::uint32_t tag = 0;
  for (const std::string* source : order) {
    std::vector<FieldChange*>& fields = by_source.at(*source);
    if (fields.size() < 2) continue;
    ++tag;
    for (FieldChange* field : fields) field->secret_tag = tag;
  }
}

}  // namespace carbon
