#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>

#include "engine/inventory/inventory.h"
#include "engine/model/resource_type.h"
#include "engine/plan/plan.h"

namespace carbon {

/// Who is called how, among what is owned, looked up, or was changed by a plan: a plan holds references as
/// what their targets are called (with_targets), and a server knows them so, too.
class UndoTargets {
 public:
  UndoTargets(const Plan& plan, const Inventory& inventory, ResourceTypes& types);

  /// The value with every field that its type calls a reference turned into one, where it is known to whom.
  /// O(size of the value).
  [[nodiscard]] Value with_references(const Value& value, const Type& type) const;

 private:
  void add(const Address& address, const std::string& type, const Value& identity);
  [[nodiscard]] const Address* find(const std::string& type, const Value& called) const;
  [[nodiscard]] Value fields_of(const Value& value, const Type& type) const;

  ResourceTypes& types_;
  std::map<std::pair<std::string, std::string>, Address> known_;  ///< by type and what it is called
};

/// The addresses of all references in the value.
void add_references(const Value& value, std::set<Address>& found);

}  // namespace carbon
