#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// A record inside an object, and where it stands.
struct FoundRecord {
  const Value& record;
  FieldPath path;
};

/// Every record at a dotted path of field names; lists on the way are stepped through, an item of a keyed one
/// is named by its keys. `type` may be nullptr: it only names the items.
[[nodiscard]] std::vector<FoundRecord> records_at(const Value& object, TypePtr type, std::string_view path);

/// The text of a string field, or empty: absent, null and not yet known are all the same here.
[[nodiscard]] std::string_view text_of(const Value& record, std::string_view field);

/// The text of a string or integer; empty for nullptr and all else.
[[nodiscard]] std::string key_text(const Value* value);

/// Where a built-in kind holds a pod's spec: `spec.template.spec`; empty for kinds without pods.
[[nodiscard]] std::string_view pod_spec_path(std::string_view kind);

}  // namespace carbon
