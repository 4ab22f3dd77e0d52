// The one place that knows RE2: linear time whatever the pattern, so text from users and servers is safe.

#include <re2/re2.h>

#include "stdlib/native/families.h"

namespace carbon {

namespace {

re2::RE2::Options options() {
  re2::RE2::Options made;
  made.set_log_errors(false);
  made.set_max_mem(8 << 20);
  return made;
}

re2::StringPiece piece(std::string_view text) { return {text.data(), text.size()}; }

bool whole_match(std::string_view pattern, std::string_view text) {
  re2::RE2 compiled(piece(pattern), options());
  return compiled.ok() && re2::RE2::FullMatch(piece(text), compiled);
}

std::string pattern_problem(std::string_view pattern) {
  re2::RE2 compiled(piece(pattern), options());
  return compiled.ok() ? "" : compiled.error();
}

tl::unexpected<Error> bad_pattern(const re2::RE2& compiled) {
  return wrong_argument("the pattern is not RE2: " + compiled.error());
}

Result<Value> matches(Arguments arguments) {
  re2::RE2 compiled(piece(arguments[1].text()), options());
  if (!compiled.ok()) return bad_pattern(compiled);
  return Value::boolean(re2::RE2::FullMatch(piece(arguments[0].text()), compiled));
}

Result<Value> capture(Arguments arguments) {
  re2::RE2 compiled(piece(arguments[1].text()), options());
  if (!compiled.ok()) return bad_pattern(compiled);
  std::vector<re2::StringPiece> groups(static_cast<std::size_t>(compiled.NumberOfCapturingGroups()) + 1);
  re2::StringPiece text = piece(arguments[0].text());
  bool found = compiled.Match(text, 0, text.size(), re2::RE2::ANCHOR_BOTH, groups.data(),
                              static_cast<int>(groups.size()));
  if (!found) return Value();
  std::vector<Value> out;
  for (std::size_t i = groups.size() > 1 ? 1 : 0; i < groups.size(); ++i)
    out.push_back(Value::string({groups[i].data(), groups[i].size()}));
  return Value::list(std::move(out));
}

}  // namespace

void add_regex_functions(FunctionTable& table) {
  table.set_patterns({whole_match, pattern_problem});
  std::vector<Parameter> parameters{{"text", "string"}, {"pattern", "regex"}};
  table.add({"matches", parameters, "bool",
             "Whether the whole text matches the RE2 pattern. C0216 when it is not RE2.",
             "matches(\"pg-15\", 'pg-[0-9]+')  # true", matches});
  Function groups{
      "capture",
      parameters,
      "list<string>?",
      "The groups of a pattern that matches the whole text (the text itself when the pattern has no "
      "group; \"\" for a group that took no part), or null when it does not match. C0216 when it is "
      "not RE2.",
      "capture(\"pg-15\", '(.*)-([0-9]+)')  # [\"pg\", \"15\"]",
      capture};
  table.add(std::move(groups));
}

}  // namespace carbon
