// Functions of policies, checks and tests. The checker gives `resources` and `meta` their meaning, because a
// type is no value and an object's place is no field of it; here they have their name and documentation.

#include "stdlib/native/families.h"

namespace carbon {

namespace {

Result<Value> known(Arguments arguments) { return Value::boolean(!arguments[0].contains_unknown()); }

Result<Value> elsewhere(Arguments) { return wrong_argument("it is called outside of a policy or test"); }

}  // namespace

void add_judging_functions(FunctionTable& table) {
  Function known_now{
      "known",
      {{"value", "T"}},
      "bool",
      "Whether the value, and all in it, is known before apply. Policies, checks and tests only.",
      "known(main.metadata.uid)  # false",
      known};
  known_now.on_secret = OnSecret::accept;
  known_now.on_unknown = OnUnknown::accept;
  table.add(std::move(known_now));
  table.add({"resources",
             {{"type", "T"}},
             "list<T>",
             "All declared resources of a type, components included, by address. Policies and tests only.",
             "count(resources(k8s.ConfigMap))  # 1",
             elsewhere});
  table.add({"meta",
             {{"resource", "T"}},
             "{ address, type, protect, provider, file, line }",
             "What is known of a resource besides its fields. Policies and tests only.",
             "meta(main).protect  # true",
             elsewhere});
}

}  // namespace carbon
