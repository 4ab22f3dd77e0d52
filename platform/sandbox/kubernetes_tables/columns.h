#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "platform/sandbox/kubernetes_tables/cells.h"

namespace carbon::sandbox {

/// One column of a kind's table. The cell is made by `function`, or is the field at `path` (`.spec.type`), or
/// the age since the time there.
struct Column {
  std::string name;
  std::string type = "string";
  std::string path;
  CellFunction function = nullptr;
  int priority = 0;  ///< above 0: only with `-o wide`
  bool age = false;
  std::string fallback;  ///< when there is nothing at the path
};

/// The columns of a built-in kind; Name and Created At for one without printer of its own.
[[nodiscard]] std::vector<Column> columns_of(std::string_view storage);

/// Those of a custom resource: its version's additionalPrinterColumns after the name, else the age.
[[nodiscard]] std::vector<Column> custom_columns(const Value& definition, std::string_view version);

/// The cell of that column.
[[nodiscard]] Value cell_of(const Column& column, const Value& object, std::int64_t now);

}  // namespace carbon::sandbox
