#include "engine/plan/ignored_fields.h"

#include "engine/model/typed_path.h"
#include "engine/model/value_edit.h"

namespace carbon {

Value keep_ignored(const Value& desired, const ResourceType& type, const Value& live,
                   const std::vector<FieldPath>& ignore) {
  Value out = desired;
  for (const FieldPath& path : ignore) {
    if (find_at(out, *type.schema, path) != nullptr)
      out = with_value_at(out, *type.schema, path, find_at(live, *type.schema, path));
  }
  return out;
}

}  // namespace carbon
