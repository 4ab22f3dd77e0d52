#include "stdlib/k8s/field_marks.h"

namespace carbon {

namespace {

struct Mark {
  std::string_view kind;
  std::string_view path;
  FieldFlag flags;
};

using enum FieldFlag;
constexpr Mark marks[] = {
#define MARK(kind, path, flags) {kind, path, flags},
#include "stdlib/k8s/field_marks.def"
#undef MARK
};

}  // namespace

FieldMarks FieldMarks::of(std::string_view kind) {
  FieldMarks found;
  for (const Mark& mark : marks) {
    if (mark.kind == "*" || mark.kind == kind) found.rows_.push_back({mark.path, mark.flags});
  }
  return found;
}

FieldFlag FieldMarks::flags(std::string_view field) const {
  FieldFlag found = FieldFlag::none;
  for (const Row& row : rows_) {
    if (row.path == field) return row.flags;
    if (row.path == "*") found = row.flags;
  }
  return found;
}

FieldMarks FieldMarks::inside(std::string_view field) const {
  FieldMarks below;
  for (const Row& row : rows_) {
    std::size_t dot = row.path.find('.');
    if (dot != std::string_view::npos && row.path.substr(0, dot) == field)
      below.rows_.push_back({row.path.substr(dot + 1), row.flags});
  }
  return below;
}

}  // namespace carbon
