#include <algorithm>

#include "base/spelling.h"
#include "base/utf8.h"
#include "stdlib/native/families.h"

namespace carbon {

namespace {

char to_lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
char to_upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

/// Text grows out of all proportion only here; everything else makes no more of it than a few times its
/// arguments.
Status fits(std::size_t size) {
  constexpr std::size_t longest_text = std::size_t{256} << 20U;
  if (size <= longest_text) return {};
  return fail(DiagnosticCode::fuel_exhausted, "the text would be longer than 256 MiB");
}

template <char (*change)(char)>
Result<Value> letters(Arguments arguments) {
  std::string text(arguments[0].text());
  std::transform(text.begin(), text.end(), text.begin(), change);
  return Value::string(text);
}

Result<Value> len(Arguments arguments) {
  return Value::integer(static_cast<std::int64_t>(utf8::count(arguments[0].text())));
}

Result<Value> trim(Arguments arguments) {
  constexpr std::string_view blanks = " \t\r\n";
  std::string_view text = arguments[0].text();
  std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return Value::string("");
  return Value::string(text.substr(begin, text.find_last_not_of(blanks) - begin + 1));
}

Result<Value> split(Arguments arguments) {
  std::string_view text = arguments[0].text();
  std::string_view by = arguments[1].text();
  if (by.empty()) return wrong_argument("`split` needs a text to split at, found \"\"");
  std::vector<Value> parts;
  for (std::size_t at = text.find(by); at != std::string_view::npos; at = text.find(by)) {
    parts.push_back(Value::string(text.substr(0, at)));
    text.remove_prefix(at + by.size());
  }
  parts.push_back(Value::string(text));
  return Value::list(std::move(parts));
}

Result<Value> join(Arguments arguments) {
  std::string joined;
  bool first = true;
  for (const Value& part : arguments[0].items()) {
    if (!part.is_string()) return wrong_argument("`join` joins strings: turn the items into text with `${}`");
    CARBON_CHECK(fits(joined.size() + arguments[1].text().size() + part.text().size()));
    if (!first) joined += arguments[1].text();
    joined += part.text();
    first = false;
  }
  return Value::string(joined);
}

Result<Value> replace(Arguments arguments) {
  std::string_view text = arguments[0].text();
  std::string_view from = arguments[1].text();
  if (from.empty()) return wrong_argument("`replace` needs a text to look for, found \"\"");
  std::string out;
  for (std::size_t at = text.find(from); at != std::string_view::npos; at = text.find(from)) {
    CARBON_CHECK(fits(out.size() + at + arguments[2].text().size()));
    out.append(text.substr(0, at)).append(arguments[2].text());
    text.remove_prefix(at + from.size());
  }
  return Value::string(out.append(text));
}

Result<Value> starts_with(Arguments arguments) {
  return Value::boolean(arguments[0].text().starts_with(arguments[1].text()));
}
Result<Value> ends_with(Arguments arguments) {
  return Value::boolean(arguments[0].text().ends_with(arguments[1].text()));
}
Result<Value> contains(Arguments arguments) {
  return Value::boolean(arguments[0].text().find(arguments[1].text()) != std::string_view::npos);
}

Result<Value> slug(Arguments arguments) {
  std::string out;
  for (char c : arguments[0].text()) {
    char lower = to_lower(c);
    bool kept = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9');
    if (kept) {
      out.push_back(lower);
    } else if (!out.empty() && out.back() != '-') {
      out.push_back('-');
    }
  }
  if (out.ends_with('-')) out.pop_back();
  return Value::string(out);
}

Result<Value> kebab_case(Arguments arguments) { return Value::string(kebab(arguments[0].text())); }

Result<Value> indent(Arguments arguments) {
  std::int64_t width = arguments[1].as_int();
  if (width < 0 || width > 1000) return wrong_argument("`indent` takes 0 to 1000 spaces");
  std::string out;
  bool line_start = true;
  for (char c : arguments[0].text()) {
    CARBON_CHECK(fits(out.size()));
    if (line_start && c != '\n') out.append(static_cast<std::size_t>(width), ' ');
    out.push_back(c);
    line_start = c == '\n';
  }
  return Value::string(out);
}

}  // namespace

void add_string_functions(FunctionTable& table) {
  const Parameter text{"text", "string"};
  const Parameter part{"part", "string"};
  auto add = [&](std::string name, std::vector<Parameter> parameters, std::string result, std::string doc,
                 std::string example, Function::Body body) {
    table.add({std::move(name), std::move(parameters), std::move(result), std::move(doc), std::move(example),
               body});
  };
  add("len", {text}, "int", "Number of Unicode code points. For collections there is `count`.",
      "len(\"häuser\")  # 6", len);
  add("lower", {text}, "string", "ASCII letters in lower case; all else stays.",
      "lower(\"Prod\")  # \"prod\"", letters<to_lower>);
  add("upper", {text}, "string", "ASCII letters in upper case; all else stays.", "upper(\"eu\")  # \"EU\"",
      letters<to_upper>);
  add("trim", {text}, "string", "Without blanks, tabs and line ends at both ends.", "trim(\" a \")  # \"a\"",
      trim);
  add("split", {text, {"by", "string"}}, "list<string>",
      "The parts between every `by`; text without it is one part. C0216 when `by` is empty.",
      "split(\"a,b\", \",\")  # [\"a\", \"b\"]", split);
  add("join", {{"parts", "list<string>"}, {"by", "string"}}, "string",
      "The parts with `by` between them. C0216 when a part is no string.",
      "join([\"a\", \"b\"], \", \")  # \"a, b\"", join);
  add("replace", {text, {"from", "string"}, {"to", "string"}}, "string",
      "Every `from` replaced by `to`, from the left. C0216 when `from` is empty.",
      "replace(\"a.b\", \".\", \"-\")  # \"a-b\"", replace);
  add("starts_with", {text, part}, "bool", "Whether the text begins with the part.",
      "starts_with(\"prod-eu\", \"prod\")  # true", starts_with);
  add("ends_with", {text, part}, "bool", "Whether the text ends with the part.",
      "ends_with(\"a.sql\", \".sql\")  # true", ends_with);
  add("contains", {text, part}, "bool", "Whether the part is in the text. For collections there is `in`.",
      "contains(\"prod-eu\", \"-\")  # true", contains);
  add("slug", {text}, "string",
      "ASCII letters in lower case and digits; everything between them becomes one `-`. For names that "
      "people "
      "write as titles.",
      "slug(\"Trino: queries\")  # \"trino-queries\"", slug);
  add("kebab", {text}, "string", "Words of an identifier joined by `-`: also splits at capitals.",
      "kebab(\"DataSource_x\")  # \"data-source-x\"", kebab_case);
  add("indent", {text, {"spaces", "int"}}, "string",
      "Every line that is not empty moved right, the first one too. C0216 outside 0 to 1000.",
      "indent(\"a\\nb\", 2)  # \"  a\\n  b\"", indent);
}

}  // namespace carbon
