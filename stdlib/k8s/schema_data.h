#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "stdlib/k8s/kinds.h"

namespace carbon {

/// The schema blocks of openapi/kubernetes.txt as they stand there, sorted by name, and where each begins.
struct SchemaBlob {
  std::string_view text;
  std::span<const std::uint32_t> index;
};

/// Defined by the source that tools/k8s_embed.py makes.
[[nodiscard]] SchemaBlob schema_blob();

}  // namespace carbon
