#include "stdlib/native/builtins.h"

#include "stdlib/native/families.h"

namespace carbon {

void add_builtins(FunctionTable& table) {
  add_string_functions(table);
  add_regex_functions(table);
  add_collection_functions(table);
  add_reduction_functions(table);
  add_conversion_functions(table);
  add_encoding_functions(table);
  add_net_functions(table);
  add_secret_functions(table);
  add_sql_functions(table);
  add_judging_functions(table);
}

}  // namespace carbon
