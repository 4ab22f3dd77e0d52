#include "stdlib/native/result_types.h"

#include <algorithm>

namespace carbon::result_types {

TypePtr element(Types arguments, TypeTable&) {
  if (arguments.empty() || arguments[0] == nullptr) return nullptr;
  TypeKind kind = arguments[0]->kind;
  bool collection = kind == TypeKind::list || kind == TypeKind::set || kind == TypeKind::map;
  return collection ? arguments[0]->element : nullptr;
}

TypePtr maybe_element(Types arguments, TypeTable& types) {
  TypePtr found = element(arguments, types);
  if (found == nullptr || found->kind == TypeKind::optional) return found;
  return types.optional(found);
}

TypePtr list_of_element(Types arguments, TypeTable& types) {
  TypePtr found = element(arguments, types);
  return found == nullptr ? nullptr : types.list(found);
}

TypePtr map_of_element(Types arguments, TypeTable& types) {
  TypePtr found = element(arguments, types);
  return found == nullptr ? nullptr : types.map(found);
}

TypePtr inner_list(Types arguments, TypeTable& types) {
  TypePtr found = element(arguments, types);
  return found == nullptr || found->kind != TypeKind::list ? nullptr : types.list(found->element);
}

TypePtr pairs(Types arguments, TypeTable& types) {
  TypePtr left = element(arguments, types);
  bool same = left != nullptr && arguments.size() == 2 && element(arguments.subspan(1), types) == left;
  return same ? types.list(types.list(left)) : nullptr;
}

TypePtr common(Types arguments, TypeTable&) {
  if (arguments.empty()) return nullptr;
  bool same =
      std::all_of(arguments.begin(), arguments.end(), [&](TypePtr type) { return type == arguments[0]; });
  return same ? arguments[0] : nullptr;
}

TypePtr element_or_itself(Types arguments, TypeTable& types) {
  TypePtr found = element(arguments, types);
  return found != nullptr || arguments.empty() ? found : arguments[0];
}

}  // namespace carbon::result_types
