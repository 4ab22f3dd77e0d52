#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/task.h"
#include "engine/model/resource.h"
#include "engine/ports/connector.h"

namespace carbon {

/// One object that is not declared, to be looked for through a provider.
struct ObjectQuery {
  Address provider;
  ObjectKey key;
};

/// What objects of a type are called there, in a namespace where the type has those.
struct NamesQuery {
  Address provider;
  const ResourceType* type = nullptr;
  std::string object_namespace;
};

using Connectors = std::map<Address, std::unique_ptr<Connector>>;

/// One answer a query, in order; all that go through one provider are asked together. A provider without a
/// connector leaves its own unknown. The connectors outlive the task.
[[nodiscard]] Task<std::vector<LiveObject>> ask_objects(const Connectors* connectors,
                                                        std::vector<ObjectQuery> queries);
[[nodiscard]] Task<std::vector<std::vector<std::string>>> ask_names(const Connectors* connectors,
                                                                    std::vector<NamesQuery> queries);

}  // namespace carbon
