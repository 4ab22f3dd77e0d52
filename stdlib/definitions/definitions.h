#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"

namespace carbon {

/// A line of a packed file: a kind and its definition, or the digest of a part and the part. JSON, in which
/// `{"$": DIGEST}` stands for a part (stdlib/definitions/README.md).
struct PackedDefinition {
  std::string_view name;
  std::string_view text;
};

/// The CustomResourceDefinitions of one vendor, as they are embedded: nothing is read before it is asked for.
struct DefinitionPackage {
  std::string_view name;  ///< `velero`, imported as `std/velero`
  std::span<const PackedDefinition> kinds;
  std::span<const PackedDefinition> parts;
};

/// All of them, in order of names.
[[nodiscard]] std::span<const DefinitionPackage> definition_packages();

[[nodiscard]] std::vector<std::string> kinds_of(const DefinitionPackage& package);

/// Those of them whose spec their operator carries out once, and does not look at again.
[[nodiscard]] std::vector<std::string> run_once_kinds(const DefinitionPackage& package);

/// Gives the vendor's document of a kind, or null for one that the package does not have. Each is unpacked
/// when it is first asked for, and lives as long as the function; what documents have in common is one value
/// in memory. One thread.
[[nodiscard]] std::function<const Value&(std::string_view kind)> definition_reader(
    const DefinitionPackage& package);

}  // namespace carbon
