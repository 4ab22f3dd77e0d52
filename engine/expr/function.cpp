#include "engine/expr/function.h"

#include <algorithm>

namespace carbon {

namespace {
auto position(auto& functions, std::string_view name) {
  return std::lower_bound(
      functions.begin(), functions.end(), name,
      [](const Function& f, std::string_view wanted) { return f.name.compare(wanted) < 0; });
}
}  // namespace

void FunctionTable::add(Function function) {
  auto at = position(functions_, function.name);
  if (at != functions_.end() && at->name == function.name) {
    *at = std::move(function);
  } else {
    functions_.insert(at, std::move(function));
  }
}

const Function* FunctionTable::find(std::string_view name) const {
  auto at = position(functions_, name);
  return at != functions_.end() && at->name == name ? &*at : nullptr;
}

std::vector<std::string_view> FunctionTable::names() const {
  std::vector<std::string_view> names;
  for (const Function& function : functions_) names.push_back(function.name);
  return names;
}

}  // namespace carbon
