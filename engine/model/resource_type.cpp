#include "engine/model/resource_type.h"

#include <algorithm>

namespace carbon {

void ResourceTypes::add_loader(std::string package, Loader loader, std::vector<std::string> names) {
  packages_[std::move(package)] = {std::move(loader), std::move(names)};
}

ResourceType& ResourceTypes::add(std::unique_ptr<ResourceType> type) {
  auto& place = loaded_[type->name];
  place = std::move(type);
  return *place;
}

const ResourceType* ResourceTypes::find(std::string_view name) {
  if (auto found = loaded_.find(name); found != loaded_.end()) return found->second.get();
  auto package = packages_.find(name.substr(0, name.find('.')));
  if (package == packages_.end()) return nullptr;
  std::unique_ptr<ResourceType> made = package->second.loader(name, types_);
  // A name that nobody knows is remembered too: did-you-mean asks again.
  return (loaded_[std::string(name)] = std::move(made)).get();
}

std::vector<std::string> ResourceTypes::names(std::string_view package) const {
  std::vector<std::string> all;
  if (auto found = packages_.find(package); found != packages_.end()) all = found->second.names;
  for (const auto& [name, type] : loaded_) {
    bool belongs = name.size() > package.size() && name.starts_with(package) && name[package.size()] == '.';
    if (type != nullptr && belongs && std::find(all.begin(), all.end(), name) == all.end())
      all.push_back(name);
  }
  return all;
}

}  // namespace carbon
