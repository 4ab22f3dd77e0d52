#pragma once

#include <string>
#include <string_view>

#include "engine/model/resource_type.h"

namespace carbon {

/// `keep FIELD in SINK`: where a value is stored that the server says once, in the reply to the write that
/// made it (a robot's secret, a tunnel's token).
struct Keep {
  std::string field;  ///< computed and secret
  std::string sink;   ///< address of a k8s.Secret, which holds it under the field's name

  friend bool operator==(const Keep&, const Keep&) = default;
};

/// What the kept value is read as: a field path of the sink.
[[nodiscard]] std::string path_in_sink(std::string_view field);

/// Whether only the reply to a write says the field: it is computed and secret, and nothing that reads takes
/// it.
[[nodiscard]] bool is_told_once(const ResourceType& type, std::string_view field);

/// Whether an `update FIELD` has the server issue another value.
[[nodiscard]] bool can_reissue(const ResourceType& type, std::string_view field);

}  // namespace carbon
