#include "dsl/format/printer.h"

#include <array>

#include "dsl/format/order.h"

namespace carbon::layout {

std::string Printer::run() {
  Sequence file = sequence_of(tree_.root());
  order_imports(file);
  lines(file, "", {});
  writer_.fresh_line();
  return writer_.take();
}

void Printer::print(NodeRef node, Room room) {
  if (!writer_.full()) (this->*method_of(node.kind()))(node, room);
}

void Printer::leaf(NodeRef node, Room) { writer_.write(node.text()); }

Printer::Method Printer::method_of(NodeKind kind) {
  switch (category(kind)) {
    case NodeCategory::root:
    case NodeCategory::declaration:
    case NodeCategory::item:
    case NodeCategory::part:
    case NodeCategory::expression:
    case NodeCategory::type: break;
    case NodeCategory::trivia: return &Printer::leaf;
  }
  static constexpr struct {
    NodeKind kind;
    Method method;
  } methods[] = {
      {NodeKind::argument, &Printer::argument},
      {NodeKind::component_body, &Printer::group},
      {NodeKind::body, &Printer::group},
      {NodeKind::record_type, &Printer::group},
      {NodeKind::list, &Printer::group},
      {NodeKind::call, &Printer::group},
      {NodeKind::facets, &Printer::group},
      {NodeKind::parameters, &Printer::group},
      {NodeKind::paren, &Printer::group},
      {NodeKind::index, &Printer::group},
      {NodeKind::interpolation, &Printer::interpolation},
      {NodeKind::operation, &Printer::operation},
      {NodeKind::conditional, &Printer::conditional},
      {NodeKind::union_type, &Printer::union_type},
      {NodeKind::else_clause, &Printer::else_clause},
      {NodeKind::comprehension_field, &Printer::comprehension_field},
      {NodeKind::list_comprehension, &Printer::list_comprehension},
      {NodeKind::string, &Printer::string},
      {NodeKind::raw_string, &Printer::raw_string},
      {NodeKind::multiline, &Printer::multiline},
      {NodeKind::raw_multiline, &Printer::raw_multiline},
      {NodeKind::string_text, &Printer::leaf},
      {NodeKind::escape, &Printer::leaf},
      {NodeKind::word, &Printer::leaf},
      {NodeKind::schema_keyword, &Printer::leaf},
      {NodeKind::via_name, &Printer::leaf},
      {NodeKind::name, &Printer::leaf},
      {NodeKind::boolean, &Printer::leaf},
      {NodeKind::null_value, &Printer::leaf},
      {NodeKind::number, &Printer::leaf},
  };
  static const auto by_kind = [] {
    std::array<Method, 256> out;
    out.fill(&Printer::parts);
    for (const auto& row : methods) out[static_cast<std::size_t>(row.kind)] = row.method;
    return out;
  }();
  return by_kind[static_cast<std::size_t>(kind)];
}

}  // namespace carbon::layout
