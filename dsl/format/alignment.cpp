#include "dsl/format/alignment.h"

#include <algorithm>

namespace carbon::layout {

namespace {

std::size_t widest(const std::vector<Alignment::Row>& rows, std::size_t from, std::size_t to) {
  std::size_t out = 0;
  for (std::size_t i = from; i < to; ++i) out = std::max(out, rows[i].key_column);
  return out;
}

/// Whether only the blanks would make the line too long.
bool is_pushed_out(const Alignment::Row& row, std::size_t column) {
  return row.end_column <= line_width && row.end_column + (column - row.key_column) > line_width;
}

}  // namespace

Column column_of(NodeKind kind) {
  static constexpr struct {
    NodeKind kind;
    Column column;
  } columns[] = {
      {NodeKind::field, Column::equals},
      {NodeKind::string_key_field, Column::equals},
      {NodeKind::computed_key_field, Column::equals},
      {NodeKind::typed_field, Column::colon},
      {NodeKind::input, Column::input},
      {NodeKind::output, Column::output},
  };
  const auto* found = std::find_if(std::begin(columns), std::end(columns),
                                   [kind](const auto& row) { return row.kind == kind; });
  return found == std::end(columns) ? Column::none : found->column;
}

void Alignment::add(Column column, Row row) {
  if (column != column_) end();
  column_ = column;
  if (column != Column::none) rows_.push_back(row);
}

void Alignment::end() {
  // A field that would be pushed past the limit stands apart, as one that takes several lines does. Taking
  // rows out only makes the rest narrower, so one pass finds them all.
  std::size_t column = widest(rows_, 0, rows_.size());
  std::size_t from = 0;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (!is_pushed_out(rows_[i], column)) continue;
    pad(from, i);
    from = i + 1;
  }
  pad(from, rows_.size());
  rows_.clear();
}

void Alignment::pad(std::size_t from, std::size_t to) {
  std::size_t column = widest(rows_, from, to);
  for (std::size_t i = from; i < to; ++i) writer_.pad(rows_[i].place, column - rows_[i].key_column);
}

}  // namespace carbon::layout
