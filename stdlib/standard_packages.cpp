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
  auto twice = std::ranges::unique(names);
  names.erase(twice.begin(), twice.end());
  return names;
}

}  // namespace carbon
