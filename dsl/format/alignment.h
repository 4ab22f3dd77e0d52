#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dsl/format/writer.h"
#include "dsl/syntax/node_kind.h"

namespace carbon::layout {

/// What fields align: nothing, `=` of fields, `:` of typed fields, of inputs and of outputs. Only neighbours
/// of one kind share a column.
enum class Column : std::uint8_t { none, equals, colon, input, output };
[[nodiscard]] Column column_of(NodeKind kind);

/// One run of neighbouring one-line fields. Whoever writes fields adds each of them and ends the run where a
/// blank line, a comment or anything else stands between.
class Alignment {
 public:
  struct Row {
    std::size_t place;       ///< in the writer, right behind the key
    std::size_t key_column;  ///< where the key ends
    std::size_t end_column;  ///< where the line ends, without padding and without a comment
  };

  explicit Alignment(Writer& writer) : writer_(writer) {}
  ~Alignment() { end(); }
  Alignment(const Alignment&) = delete;
  Alignment& operator=(const Alignment&) = delete;

  void add(Column column, Row row);
  void end();

 private:
  void pad(std::size_t from, std::size_t to);

  Writer& writer_;
  Column column_ = Column::none;
  std::vector<Row> rows_;
};

}  // namespace carbon::layout
