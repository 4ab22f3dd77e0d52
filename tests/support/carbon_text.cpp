#include "tests/support/carbon_text.h"

#include <array>

#include "tests/support/carbon_maker.h"

namespace carbon::testing {

std::string CarbonMaker::file() {
  for (std::size_t i = 0, count = 1 + below(6); i < count; ++i) {
    between_declarations();
    declaration();
    end_declaration();
  }
  between_declarations();
  if (below(4) == 3) out_ += "# at the end, without a newline";
  return std::move(out_);
}

void CarbonMaker::field() {
  switch (below(8)) {
    case 5: string(); break;
    case 6:
      out_ += "[";
      nested(&CarbonMaker::expression);
      out_ += "]";
      break;
    case 7:
      out_ += "...";
      nested(&CarbonMaker::postfix);
      condition();
      return;
    default: word(); break;
  }
  value();
  condition();
}
void CarbonMaker::item_let() {
  out_ += "let ";
  name();
  if (below(4) == 3) typed();
  value();
}
void CarbonMaker::setting() {
  pick({"after", "protect", "timeout", "using", "ignore", "adopt", "world", "patch", "environment", "given",
        "expect", "provider", "identity", "read", "create", "delete", "data_bearing", "unheard_of"});
  for (std::size_t i = 0, count = below(4); i < count; ++i) {
    gap();
    nested(&CarbonMaker::atom);
  }
  static constexpr std::array<std::string_view, 4> clauses = {" for ", " by ", " when ", " else "};
  for (std::string_view clause : clauses) {
    if (below(6) != 5) continue;
    out_ += clause;
    if (clause == " else " && maybe()) line_end();
    nested(&CarbonMaker::postfix);
  }
}
void CarbonMaker::item() {
  one_of({&CarbonMaker::field, &CarbonMaker::field, &CarbonMaker::setting, &CarbonMaker::item_let,
          &CarbonMaker::setting, &CarbonMaker::field});
}
void CarbonMaker::body() { braces(&CarbonMaker::item, below(6)); }
void CarbonMaker::typed_field() {
  switch (below(8)) {
    case 6: return setting();
    case 7:
      out_ += "*";
      typed();
      return;
    default: break;
  }
  word();
  typed();
  while (below(5) == 4) {
    gap();
    pick({"computed", "identity", "immutable", "keyed_by(a, b)", "deprecated( \"x\" )"});
  }
  if (below(3) == 2) value();
}
void CarbonMaker::type_body() { braces(&CarbonMaker::typed_field, below(5)); }
void CarbonMaker::declaration() {
  one_of({&CarbonMaker::let, &CarbonMaker::resource, &CarbonMaker::import, &CarbonMaker::port,
          &CarbonMaker::port, &CarbonMaker::resource, &CarbonMaker::component, &CarbonMaker::typedef_,
          &CarbonMaker::function, &CarbonMaker::check, &CarbonMaker::environment, &CarbonMaker::test,
          &CarbonMaker::import, &CarbonMaker::platform, &CarbonMaker::moved, &CarbonMaker::via});
}
void CarbonMaker::let() {
  out_ += "let ";
  name();
  if (below(4) == 3) typed();
  value();
}
void CarbonMaker::port() {
  pick({"input ", "output "});
  name();
  typed();
  if (below(3) == 2) value();
}
void CarbonMaker::import() {
  out_ += "import ";
  if (below(5) == 4) out_ += "schema ";
  pick({"\"std/k8s\"", "\"lib/net\"", "\"std/a\"", "\"data.json\"", "\"b\""});
  if (below(4) == 3) {
    out_ += " as ";
    name();
  }
  if (below(4) == 3) {
    blank();
    out_ += ": json";
  }
}
void CarbonMaker::resource() {
  pick({"resource ", "lookup ", "use ", "provider ", "policy "});
  name();
  typed();
  if (below(4) == 3) {
    gap();
    each();
  }
  condition();
  gap();
  body();
}
void CarbonMaker::component() {
  out_ += "component ";
  name();
  out_ += " {";
  if (deep() || below(5) == 4) {
    blank();
  } else {
    ++depth_;
    ++inside_component_;
    pick({"\n", " # head\n", "\n\n", ""});
    for (std::size_t i = 0, count = below(4); i < count; ++i) {
      if (out_.back() != '{') between_declarations();
      declaration();
      end_declaration();
    }
    between_declarations();
    --inside_component_;
    --depth_;
  }
  out_ += "}";
}
void CarbonMaker::typedef_() {
  out_ += "type ";
  name();
  out_ += " = ";
  type();
}
void CarbonMaker::via() {
  out_ += "type ";
  name();
  out_ += " via http ";
  type_body();
}
void CarbonMaker::parameter() {
  name();
  typed();
}
void CarbonMaker::function() {
  out_ += "fn ";
  name();
  comma_separated(&CarbonMaker::parameter);
  typed();
  value();
}
void CarbonMaker::check() {
  out_ += "check ";
  nested(&CarbonMaker::postfix);
  out_ += " else ";
  if (below(4) == 3) line_end();
  nested(&CarbonMaker::expression);
}
void CarbonMaker::environment() {
  out_ += "environment ";
  name();
  if (below(4) == 0) return;
  gap();
  body();
}
void CarbonMaker::test() {
  out_ += "test \"of something\" ";
  body();
}
void CarbonMaker::platform() {
  out_ += "platform ";
  name();
  gap();
  body();
}
void CarbonMaker::moved() {
  pick({"moved a -> b", "moved a[\"k\"].b   ->  c", "removed a   keep", "removed b.c destroy"});
}
std::string carbon_text(const std::vector<std::uint8_t>& choices) { return CarbonMaker(choices).file(); }

}  // namespace carbon::testing
