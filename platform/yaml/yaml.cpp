#include "platform/yaml/yaml.h"

#include <fmt/core.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "base/base64.h"
#include "base/utf8.h"

namespace carbon {

namespace {

tl::unexpected<Error> bad(const YAML::Mark& mark, std::string_view what) {
  if (mark.is_null()) return fail(DiagnosticCode::bad_import_data, std::string(what));
  return fail(DiagnosticCode::bad_import_data,
              fmt::format("line {}, column {}: {}", mark.line + 1, mark.column + 1, what));
}

bool all_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// `[-+]?[0-9]+`, `0o[0-7]+`, `0x[0-9a-fA-F]+`
std::optional<Value> integer_of(std::string_view text) {
  int base = 10;
  std::string_view digits = text;
  if (text.starts_with("0o")) {
    base = 8;
    digits.remove_prefix(2);
    if (!all_digits(digits, "01234567")) return std::nullopt;
  } else if (text.starts_with("0x")) {
    base = 16;
    digits.remove_prefix(2);
    if (!all_digits(digits, "0123456789abcdefABCDEF")) return std::nullopt;
  } else {
    if (text.front() == '+' || text.front() == '-') digits.remove_prefix(1);
    if (!all_digits(digits, "0123456789")) return std::nullopt;
    if (text.front() == '-') digits = text;
  }
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error == std::errc() && end == digits.data() + digits.size()) return Value::integer(number);
  if (base != 10) return std::nullopt;
  return Value::decimal(text.front() == '+' ? text.substr(1) : text);
}

/// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, kept exactly, in JSON's spelling.
std::optional<Value> decimal_of(std::string_view text) {
  std::string out;
  std::size_t at = 0;
  auto digits = [&] {
    std::size_t first = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9') ++at;
    return text.substr(first, at - first);
  };
  if (text[at] == '-') out += '-';
  if (text[at] == '-' || text[at] == '+') ++at;
  std::string_view whole = digits();
  while (whole.size() > 1 && whole.front() == '0') whole.remove_prefix(1);
  std::string_view part;
  if (at < text.size() && text[at] == '.') {
    ++at;
    part = digits();
  }
  if (whole.empty() && part.empty()) return std::nullopt;
  out += whole.empty() ? "0" : whole;
  if (!part.empty()) out.append(".").append(part);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    out += text[at++];
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) out += text[at++];
    std::string_view exponent = digits();
    if (exponent.empty()) return std::nullopt;
    out += exponent;
  }
  if (at != text.size()) return std::nullopt;
  return Value::decimal(out);
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

Result<Value> plain_scalar(const YAML::Node& node) {
  const std::string& text = node.Scalar();
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return Value();
  if (is_one_of(text, {"true", "True", "TRUE"})) return Value::boolean(true);
  if (is_one_of(text, {"false", "False", "FALSE"})) return Value::boolean(false);
  std::string_view unsigned_text(text);
  if (text.front() == '+' || text.front() == '-') unsigned_text.remove_prefix(1);
  if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"}) || is_one_of(text, {".nan", ".NaN", ".NAN"}))
    return bad(node.Mark(), "`" + text + "` is no number that can be stored");
  if (unsigned_text.empty()) return Value::string(text);
  if (auto number = integer_of(text)) return *number;
  if (auto number = decimal_of(text)) return *number;
  return Value::string(text);
}

Result<Value> tagged_scalar(const YAML::Node& node) {
  constexpr std::string_view standard = "tag:yaml.org,2002:";
  std::string_view tag(node.Tag());
  if (tag == "!") return Value::string(node.Scalar());
  if (tag.empty() || tag == "?") return plain_scalar(node);
  if (tag.starts_with(standard)) tag.remove_prefix(standard.size());
  if (tag == "str") return Value::string(node.Scalar());
  if (tag == "binary") {
    auto bytes = base64_decode(node.Scalar());
    if (!bytes) return bad(node.Mark(), "`!!binary` is not base64");
    return Value::blob(*bytes);
  }
  if (!is_one_of(tag, {"null", "bool", "int", "float"}))
    return bad(node.Mark(), fmt::format("the tag `{}` is not supported", node.Tag()));
  Value value = CARBON_TRY(plain_scalar(node));
  bool fits = (tag == "null" && value.is_null()) || (tag == "bool" && value.kind() == ValueKind::boolean) ||
              (tag == "int" && value.kind() == ValueKind::integer) ||
              (tag == "float" && (value.kind() == ValueKind::decimal || value.kind() == ValueKind::integer));
  if (!fits) return bad(node.Mark(), fmt::format("`{}` is not a `!!{}`", node.Scalar(), tag));
  return value;
}

class Converter {
 public:
  explicit Converter(const YamlLimits& limits) : limits_(limits) {}

  Result<Value> convert(const YAML::Node& node, std::size_t depth) {
    if (++nodes_ > limits_.nodes)
      return bad(node.Mark(), fmt::format("more than {} values, aliases counted", limits_.nodes));
    if (depth > limits_.depth)
      return bad(node.Mark(), fmt::format("nested deeper than {} levels", limits_.depth));
    switch (node.Type()) {
      case YAML::NodeType::Undefined:
      case YAML::NodeType::Null: return Value();
      case YAML::NodeType::Scalar: return tagged_scalar(node);
      case YAML::NodeType::Sequence: return sequence(node, depth);
      case YAML::NodeType::Map: return mapping(node, depth);
    }
    return Value();
  }

 private:
  Result<Value> sequence(const YAML::Node& node, std::size_t depth) {
    CARBON_CHECK(collection_tag(node));
    std::vector<Value> items;
    for (const YAML::Node& item : node) items.push_back(CARBON_TRY(convert(item, depth + 1)));
    return Value::list(std::move(items));
  }

  Result<Value> mapping(const YAML::Node& node, std::size_t depth) {
    CARBON_CHECK(collection_tag(node));
    std::vector<Entry> entries;
    std::set<std::string> keys;
    for (const auto& field : node) {
      const YAML::Node& key = field.first;
      if (!key.IsScalar()) return bad(key.Mark(), "a key must be text");
      const std::string& name = key.Scalar();
      if (name == "<<" && key.Tag() != "!")
        return bad(key.Mark(), "merge keys (`<<`) are not part of YAML 1.2; write the fields out");
      if (!keys.insert(name).second) return bad(key.Mark(), "the key `" + name + "` is there twice");
      Value value = CARBON_TRY(convert(field.second, depth + 1));
      entries.push_back({Value::string(name), std::move(value)});
    }
    return Value::map(std::move(entries));
  }

  static Status collection_tag(const YAML::Node& node) {
    const std::string& tag = node.Tag();
    if (is_one_of(tag, {"", "?", "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"})) return {};
    return bad(node.Mark(), "the tag `" + tag + "` is not supported");
  }

  const YamlLimits& limits_;
  std::size_t nodes_ = 0;
};

}  // namespace

Result<std::vector<Value>> parse_yaml_documents(std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes)
    return fail(DiagnosticCode::bad_import_data, fmt::format("more than {} bytes of YAML", limits.bytes));
  if (auto at = utf8::first_invalid(text); at != std::string_view::npos)
    return fail(DiagnosticCode::bad_import_data, fmt::format("byte {} is not valid UTF-8", at));
  try {
    std::vector<Value> documents;
    Converter converter(limits);
    for (const YAML::Node& document : YAML::LoadAll(std::string(text))) {
      Value value = CARBON_TRY(converter.convert(document, 1));
      if (!value.is_null()) documents.push_back(std::move(value));
    }
    return documents;
  } catch (const YAML::Exception& exception) {
    return bad(exception.mark, exception.msg);
  }
}

Result<Value> parse_yaml(std::string_view text, const YamlLimits& limits) {
  std::vector<Value> documents = CARBON_TRY(parse_yaml_documents(text, limits));
  if (documents.empty()) return Value();
  if (documents.size() > 1) return fail(DiagnosticCode::bad_import_data, "more than one YAML document");
  return std::move(documents.front());
}

}  // namespace carbon
