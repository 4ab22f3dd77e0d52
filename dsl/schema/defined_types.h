#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// A package that comes with carbon and whose types are kinds of CustomResourceDefinitions.
struct DefinedPackage {
  std::string name;                ///< `velero`
  std::vector<std::string> kinds;  ///< of its definitions
  /// The definition of one of them, which lives as long as this; called when the kind is first used.
  std::function<const Value&(std::string_view kind)> definition;
  std::vector<std::string> run_once;  ///< kinds whose spec cannot change: it is carried out once
};

/// Adds `PACKAGE.KIND` for each kind and `PACKAGE.Definitions`, the definitions as objects. Nothing is read
/// before a type is used. `patterns` must live as long as `types`.
void add_defined_types(ResourceTypes& types, const Patterns& patterns, DefinedPackage package);

}  // namespace carbon
