#pragma once

#include <string_view>
#include <vector>

#include "base/type.h"

namespace carbon {

/// The rows of field_marks.def that still apply below one record of a kind. Walked along with the schema: a
/// record whose marks are empty has the same type everywhere and is shared.
class FieldMarks {
 public:
  FieldMarks() = default;
  /// All rows of a kind.
  [[nodiscard]] static FieldMarks of(std::string_view kind);

  [[nodiscard]] bool empty() const { return rows_.empty(); }
  /// What the rows say of this field itself.
  [[nodiscard]] FieldFlag flags(std::string_view field) const;
  /// The rows for what is inside this field.
  [[nodiscard]] FieldMarks inside(std::string_view field) const;

 private:
  struct Row {
    std::string_view path;
    FieldFlag flags;
  };
  std::vector<Row> rows_;
};

}  // namespace carbon
