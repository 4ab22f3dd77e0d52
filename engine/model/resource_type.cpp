#include "engine/model/resource_type.h"

#include <algorithm>

namespace carbon {

bool ResourceType::has_readiness() const {
  // A kind that a file declares may have a status that its file says nothing of.
  if (transport == Transport::kubernetes) return span.known() || schema->field("status") != nullptr;
  return ready != nullptr || !failed.empty();
}

bool ResourceType::derives() const {
  return schema != nullptr &&
         std::any_of(schema->fields.begin(), schema->fields.end(),
                     [](const FieldType& field) { return has(field.flags, FieldFlag::derived); });
}

void ResourceTypes::add_loader(std::string package, Loader loader, std::vector<std::string> names,
                               Name name) {
  packages_[std::move(package)] = {std::move(loader), std::move(names), name};
}

bool ResourceTypes::take_name(std::string_view package) {
  auto found = packages_.find(package);
  if (found == packages_.end()) return names(package).empty();
  if (found->second.name == Name::reserved) return false;
  packages_.erase(found);
  return true;
}

ResourceType& ResourceTypes::add(std::unique_ptr<ResourceType> type) {
  auto& place = loaded_[type->name];
  place = std::move(type);
  return *place;
}

const ResourceType* ResourceTypes::loaded_kind(std::string_view group, std::string_view version,
                                               std::string_view kind) const {
  for (const auto& [name, type] : loaded_) {
    bool same = type != nullptr && type->transport == Transport::kubernetes && !type->generated &&
                type->kubernetes.group == group && type->kubernetes.version == version &&
                type->kubernetes.kind == kind;
    if (same) return type.get();
  }
  return nullptr;
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

bool reads_self(const Expr* expression, std::string_view name) {
  if (expression == nullptr) return false;
  bool member = expression->kind == ExprKind::member || expression->kind == ExprKind::safe_member;
  if (member && expression->name == name) {
    const Expr& from = *expression->children.front();
    if (from.kind == ExprKind::slot && from.depth == 0 &&
        from.slot == static_cast<std::uint32_t>(OperationSlot::self))
      return true;
  }
  return std::any_of(expression->children.begin(), expression->children.end(),
                     [&](const Expr* child) { return reads_self(child, name); });
}

bool takes(const Operation& operation, std::string_view field) {
  const Expr* take = operation.take;
  if (take == nullptr) return false;
  if (take->kind == ExprKind::constant)  // `take {}`
    return take->constant.is_fields() && take->constant.find(field) != nullptr;
  return take->kind != ExprKind::record ||
         std::any_of(take->children.begin(), take->children.end(),
                     [&](const Expr* part) { return part->kind != ExprKind::field || part->name == field; });
}

bool read_by_identity(const Operations& operations) {
  const std::vector<OperationStep>& steps = operations.read.steps;
  return !steps.empty() && std::none_of(steps.begin(), steps.end(), [&](const OperationStep& step) {
    return reads_self(step.text, operations.assigned);
  });
}

}  // namespace carbon
