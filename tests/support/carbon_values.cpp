// White space, strings, expressions and types of made files.

#include <array>

#include "tests/support/carbon_maker.h"

namespace carbon::testing {

void CarbonMaker::gap() { pick({" ", " ", "  ", "\t", "    "}); }
void CarbonMaker::blank() { pick({" ", "", "  ", "\t"}); }
void CarbonMaker::comment() {
  pick({"# c", "#", "## doc", "### rule", "# with blanks at the end  ", "# ünicode 🐎"});
}
void CarbonMaker::line_end() {
  if (below(5) == 4) {
    out_ += ' ';
    comment();
  }
  pick({"\n", "\n", "\r\n", "\n\n", "\n\n\n", "\n  \n"});
  while (below(6) == 5) {
    out_ += "   ";
    comment();
    pick({"\n", "\n\n", "\r\n"});
  }
  pick({"  ", "    ", "\t", " "});
}
void CarbonMaker::ws() {
  blank();
  if (below(4) == 3) line_end();
}
void CarbonMaker::separator() {
  blank();
  if (below(3) != 2) {
    out_ += ",";
    ws();
  } else {
    line_end();
  }
}
void CarbonMaker::between_declarations() {
  while (below(4) == 3) {
    comment();
    pick({"\n", "\n\n", "\r\n", "\n\n\n"});
  }
  if (inside_component_ != 0) out_ += "  ";
}
void CarbonMaker::end_declaration() {
  if (below(5) == 4) {
    blank();
    comment();
  }
  pick({"\n", "\n\n", "\r\n", "\n\n\n\n"});
}
void CarbonMaker::name() {
  pick({"a", "bb", "name", "size", "long_name", "x1", "a_name_that_is_rather_long_for_what_it_does", "env"});
}
void CarbonMaker::word() {
  pick({"a", "key", "type", "for", "if", "resource", "when", "a_longer_key", "k2"});
}
void CarbonMaker::number() { pick({"1", "20", "50Gi", "1h30m", "1_000", "1.5", "0"}); }
void CarbonMaker::interpolation() {
  out_ += "${";
  ws();
  nested(&CarbonMaker::expression);
  ws();
  out_ += "}";
}
void CarbonMaker::string() {
  out_ += "\"";
  while (below(3) == 2) {
    pick({"text", "'", "# no comment", "\\n", "\\\"", "$", "$$", "\\u{41}", "ž",
          "a text that takes very many columns, so that what it stands in does not fit on one line"});
    if (below(4) == 3 && !deep()) interpolation();
  }
  out_ += "\"";
}
void CarbonMaker::raw_string() {
  pick({"''", "'plain'", "'[a-z]+'", "'with \"quotes\"'", "'back\\slash'", "'${x}'", "'$'", "'# {'"});
}
void CarbonMaker::text_lines(bool cooked) {
  std::string_view indent = std::array<std::string_view, 4>{"", "  ", "      ", "\t"}[below(4)];
  pick({"\n", "\r\n"});
  while (below(3) != 0) {
    if (below(5) == 4) {
      pick({"\n", "  \n", "        \n", "\t \n", " \n"});
      continue;
    }
    out_ += indent;
    pick({"a line", "  indented", "'quoted'", "\"quoted\"", "resource x", "# text", "x  ", "\t"});
    if (cooked && below(4) == 3 && !deep()) interpolation();
    if (cooked && below(6) == 5) out_ += "\\t";
    pick({"\n", "\r\n", " \n"});
  }
  out_ += indent;
}
void CarbonMaker::multiline() {
  out_ += "\"\"\"";
  pick({"", "sql"});
  text_lines(true);
  out_ += "\"\"\"";
}
void CarbonMaker::raw_multiline() {
  out_ += "'''";
  pick({"", "yaml"});
  text_lines(false);
  out_ += "'''";
}
void CarbonMaker::nested(Make make) {
  ++depth_;
  if (deep()) {
    name();
  } else {
    (this->*make)();
  }
  --depth_;
}
void CarbonMaker::expression() {
  one_of({&CarbonMaker::postfix, &CarbonMaker::postfix, &CarbonMaker::atom, &CarbonMaker::atom,
          &CarbonMaker::operation, &CarbonMaker::comparison, &CarbonMaker::conditional, &CarbonMaker::atom});
}
void CarbonMaker::atom() {
  if (deep()) return name();
  one_of({&CarbonMaker::name, &CarbonMaker::number, &CarbonMaker::string, &CarbonMaker::list,
          &CarbonMaker::record, &CarbonMaker::constant, &CarbonMaker::paren, &CarbonMaker::raw_string,
          &CarbonMaker::list_loop, &CarbonMaker::multiline, &CarbonMaker::raw_multiline, &CarbonMaker::list,
          &CarbonMaker::record, &CarbonMaker::string});
}
void CarbonMaker::constant() { pick({"true", "false", "null"}); }
void CarbonMaker::paren() {
  out_ += "(";
  ws();
  nested(&CarbonMaker::expression);
  ws();
  out_ += ")";
}
void CarbonMaker::operand() {
  if (below(6) == 5) out_ += "-";
  nested(&CarbonMaker::postfix);
}
void CarbonMaker::operation() {
  if (below(5) == 4) out_ += "not ";
  operand();
  do {
    gap();
    pick({"+", "and", "or", "??", "*", "-", "/", "%"});
    gap();
    if (below(4) == 3) line_end();
    operand();
  } while (below(3) == 2);
}
void CarbonMaker::comparison() {
  operand();
  gap();
  pick({"==", "!=", "<", ">=", "in", "not in", "not   in"});
  gap();
  if (below(4) == 3) line_end();
  operand();
}
void CarbonMaker::conditional() {
  out_ += "if ";
  nested(&CarbonMaker::postfix);
  out_ += " then ";
  if (below(4) == 3) line_end();
  nested(&CarbonMaker::expression);
  out_ += " else ";
  if (below(4) == 3) line_end();
  nested(&CarbonMaker::expression);
}
void CarbonMaker::postfix() {
  nested(&CarbonMaker::atom);
  while (below(3) == 2)
    one_of({&CarbonMaker::member, &CarbonMaker::safe_member, &CarbonMaker::index, &CarbonMaker::call});
}
void CarbonMaker::member() {
  out_ += ".";
  word();
}
void CarbonMaker::safe_member() {
  out_ += "?.";
  word();
}
void CarbonMaker::index() {
  out_ += "[";
  ws();
  nested(&CarbonMaker::expression);
  ws();
  out_ += "]";
}
void CarbonMaker::argument() {
  if (below(4) == 3) {
    word();
    blank();
    out_ += "=";
    blank();
  }
  nested(&CarbonMaker::expression);
}
void CarbonMaker::comma_separated(Make make) {
  out_ += "(";
  ws();
  for (std::size_t i = 0, count = below(4); i < count; ++i) {
    if (i != 0) {
      blank();
      out_ += ",";
      ws();
    }
    (this->*make)();
    if (i + 1 == count && below(4) == 3) out_ += ",";
  }
  ws();
  out_ += ")";
}
void CarbonMaker::call() { comma_separated(&CarbonMaker::argument); }
void CarbonMaker::condition() {
  if (below(4) != 3) return;
  out_ += " if ";
  nested(&CarbonMaker::postfix);
}
void CarbonMaker::element() {
  if (below(5) == 4) out_ += "...";
  nested(&CarbonMaker::expression);
  condition();
}
void CarbonMaker::separated(Make make, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    (this->*make)();
    if (i + 1 != count || below(4) == 3) separator();
  }
}
void CarbonMaker::list() {
  out_ += "[";
  ws();
  separated(&CarbonMaker::element, below(5));
  ws();
  out_ += "]";
}
void CarbonMaker::each() {
  out_ += "for ";
  name();
  if (below(3) == 2) {
    out_ += ",";
    blank();
    name();
  }
  out_ += " in ";
  nested(&CarbonMaker::postfix);
  if (below(4) == 3) {
    out_ += " by ";
    nested(&CarbonMaker::postfix);
  }
}
void CarbonMaker::list_loop() {
  out_ += "[";
  ws();
  each();
  blank();
  out_ += ":";
  ws();
  nested(&CarbonMaker::expression);
  condition();
  ws();
  out_ += "]";
}
void CarbonMaker::value() {
  blank();
  out_ += "=";
  blank();
  nested(&CarbonMaker::expression);
}
void CarbonMaker::braces(Make make, std::size_t count) {
  out_ += "{";
  ws();
  separated(make, count);
  ws();
  out_ += "}";
}
void CarbonMaker::record() {
  if (below(6) == 5) return record_loop();
  braces(&CarbonMaker::field, below(5));
}
void CarbonMaker::record_loop() {
  out_ += "{";
  ws();
  each();
  out_ += " :";
  ws();
  out_ += "[";
  blank();
  nested(&CarbonMaker::expression);
  out_ += "]";
  value();
  condition();
  ws();
  out_ += "}";
}
void CarbonMaker::typed() {
  blank();
  out_ += ":";
  blank();
  type();
}
void CarbonMaker::type() {
  ++depth_;
  type_part();
  while (below(5) == 4) {
    out_ += " |";
    gap();
    if (below(3) == 2) line_end();
    type_part();
  }
  --depth_;
}
void CarbonMaker::type_part() {
  switch (deep() ? 0 : below(6)) {
    case 3: string_constant(); break;
    case 4: type_body_plain(); break;
    case 5:
      out_ += "map<";
      blank();
      type();
      out_ += ",";
      blank();
      type();
      out_ += ">";
      break;
    default:
      pick({"string", "int", "k8s.Thing", "list<int>"});
      if (below(5) == 4) comma_separated(&CarbonMaker::argument);
      break;
  }
  if (below(5) == 4) out_ += "?";
}
void CarbonMaker::string_constant() { pick({"\"a\"", "\"another\""}); }
void CarbonMaker::plain_typed_field() {
  word();
  typed();
  if (below(3) == 2) value();
}
void CarbonMaker::type_body_plain() { braces(&CarbonMaker::plain_typed_field, below(4)); }
}  // namespace carbon::testing
