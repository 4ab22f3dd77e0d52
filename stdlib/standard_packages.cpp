#include <algorithm>

#include "stdlib/definitions/definitions.h"
#include "stdlib/packages.h"

namespace carbon {

std::vector<std::string_view> standard_packages() {
  std::vector<std::string_view> names{"k8s"};
  for (const StandardFile& file : standard_files())
    names.push_back(file.package.substr(file.package.find('/') + 1));
  for (const DefinitionPackage& each : definition_packages()) names.push_back(each.name);
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace carbon
