#include "platform/yaml/yaml.h"

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

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
  return std::nullopt;  // a larger one is a decimal
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

enum class Dialect : bool { core, kubectl };

/// A scalar as it was read.
struct Scalar {
  const YAML::Mark& mark;
  const std::string& tag;
  const std::string& text;
  Dialect dialect = Dialect::core;
};

/// What go-yaml v2 takes for a boolean or an integer beyond the core schema (resolve.go). It asks strconv for
/// integers, with any base prefix and without the `_` in them.
std::optional<Value> kubectl_scalar(std::string_view text) {
  if (is_one_of(text, {"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"})) return Value::boolean(true);
  if (is_one_of(text, {"n", "N", "no", "No", "NO", "off", "Off", "OFF"})) return Value::boolean(false);
  if (text.starts_with('_')) return std::nullopt;  // its first character says what may be a number
  std::string digits(text);
  std::erase(digits, '_');
  std::string_view rest(digits);
  bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest.empty() || rest.front() < '0' || rest.front() > '9') return std::nullopt;
  int base = 10;
  if (rest.size() > 1 && rest.front() == '0') {
    auto prefix = [&](std::string_view lower, std::string_view upper, int of) {
      if (!rest.starts_with(lower) && !rest.starts_with(upper)) return false;
      rest.remove_prefix(2);
      base = of;
      return true;
    };
    if (!prefix("0x", "0X", 16) && !prefix("0b", "0B", 2) && !prefix("0o", "0O", 8)) base = 8;
  }
  std::string whole = (negative ? "-" : "") + std::string(rest);
  std::int64_t number = 0;
  auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), number, base);
  bool all = error == std::errc() && end == whole.data() + whole.size() && !rest.empty();
  return all ? std::optional(Value::integer(number)) : std::nullopt;
}

Result<Value> plain_scalar(const Scalar& scalar) {
  const std::string& text = scalar.text;
  if (scalar.dialect == Dialect::kubectl) {
    if (auto value = kubectl_scalar(text)) return *value;
  }
  if (is_one_of(text, {"", "~", "null", "Null", "NULL"})) return Value();
  if (is_one_of(text, {"true", "True", "TRUE"})) return Value::boolean(true);
  if (is_one_of(text, {"false", "False", "FALSE"})) return Value::boolean(false);
  std::string_view unsigned_text(text);
  if (text.front() == '+' || text.front() == '-') unsigned_text.remove_prefix(1);
  if (is_one_of(unsigned_text, {".inf", ".Inf", ".INF"}) || is_one_of(text, {".nan", ".NaN", ".NAN"}))
    return bad(scalar.mark, "`" + text + "` is no number that can be stored");
  if (unsigned_text.empty()) return Value::string(text);
  if (auto number = integer_of(text)) return *number;
  if (auto number = decimal_of(text)) return *number;
  return Value::string(text);
}

Result<Value> tagged_scalar(const Scalar& scalar) {
  constexpr std::string_view standard = "tag:yaml.org,2002:";
  std::string_view tag(scalar.tag);
  if (tag == "!") return Value::string(scalar.text);
  if (tag.empty() || tag == "?") return plain_scalar(scalar);
  if (tag.starts_with(standard)) tag.remove_prefix(standard.size());
  if (tag == "str") return Value::string(scalar.text);
  if (tag == "binary") {
    auto bytes = base64_decode(scalar.text);
    if (!bytes) return bad(scalar.mark, "`!!binary` is not base64");
    return Value::blob(*bytes);
  }
  if (!is_one_of(tag, {"null", "bool", "int", "float"}))
    return bad(scalar.mark, fmt::format("the tag `{}` is not supported", scalar.tag));
  Value value = CARBON_TRY(plain_scalar(scalar));
  bool fits = (tag == "null" && value.is_null()) || (tag == "bool" && value.kind() == ValueKind::boolean) ||
              (tag == "int" && value.kind() == ValueKind::integer) ||
              (tag == "float" && (value.kind() == ValueKind::decimal || value.kind() == ValueKind::integer));
  if (!fits) return bad(scalar.mark, fmt::format("`{}` is not a `!!{}`", scalar.text, tag));
  return value;
}

/// yaml-cpp 0.7 gives the escapes `\N` and `\_` (U+0085, U+00A0) as one byte, which is not UTF-8. Nothing
/// else can make invalid text out of valid text.
std::string with_valid_escapes(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    utf8::Decoded next = utf8::decode(text);
    if (next.valid) {
      out.append(text.substr(0, next.length));
    } else {
      utf8::append(out, static_cast<unsigned char>(text.front()));
    }
    text.remove_prefix(next.length);
  }
  return out;
}

/// Leaves yaml-cpp with an error; caught where it was called.
struct Refused {
  Error error;
};

/// Builds values while yaml-cpp reads, so that limits hold before anything is built that breaks them.
class Reader final : public YAML::EventHandler {
 public:
  explicit Reader(const YamlLimits& limits) : limits_(limits) {}
  /// As kubectl reads; values remember their place.
  Reader(const YamlLimits& limits, std::uint32_t base)
      : limits_(limits), dialect_(Dialect::kubectl), base_(base) {}

  std::vector<Value> take() { return std::move(documents_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    // yaml-cpp 0.7 reads the same token for ever, as one empty document after another, where none can begin.
    if (mark.pos <= began_) refuse(bad(mark, "no value can begin here"));
    began_ = mark.pos;
  }
  void OnDocumentEnd() override {
    if (!root_.value.is_null()) documents_.push_back(std::move(root_.value));
    root_ = {};
    anchors_.clear();
  }

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    count(mark, 1);
    put(mark, anchor, {});
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    auto found = anchors_.find(anchor);
    if (found == anchors_.end()) refuse(bad(mark, "an alias of something that holds it"));
    count(mark, found->second.nodes);
    put(mark, YAML::NullAnchor, found->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& written) override {
    bool valid = utf8::first_invalid(written) == std::string::npos;
    const std::string& text = valid ? written : with_valid_escapes(written);
    // A key is text, whatever its value would be.
    bool key = !open_.empty() && open_.back().map && !open_.back().key;
    Part part;
    bool anchored = anchor != YAML::NullAnchor;
    bool resolved = !key || anchored || dialect_ == Dialect::kubectl;
    if (resolved) part.value = taken(tagged_scalar({mark, tag, text, dialect_}));
    if (key || anchored) part.scalar = {key_text(part.value, text), tag};
    if (!key) count(mark, 1);
    put(mark, anchor, std::move(part));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, false);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(mark, tag, anchor, true);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapEnd() override { end(); }

 private:
  /// A value with what it counts for wherever it is used.
  struct Part {
    Value value;
    std::size_t nodes = 1;
    std::size_t height = 1;
    std::optional<std::pair<std::string, std::string>> scalar;  ///< text and tag
  };
  /// A collection that is not at its end.
  struct Open {
    YAML::Mark mark;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool map = false;
    std::size_t nodes = 1;
    std::size_t height = 1;
    std::vector<Value> items;
    std::vector<Entry> entries;
    std::set<std::string> keys;
    std::optional<std::string> key;  ///< of the value that comes next
    std::uint32_t key_origin = 0;
  };

  /// kubectl turns YAML into JSON, whose keys are texts: a key `on` becomes `true`.
  [[nodiscard]] std::string key_text(const Value& value, const std::string& text) const {
    if (dialect_ == Dialect::core) return text;
    if (value.kind() == ValueKind::boolean) return value.as_bool() ? "true" : "false";
    return value.kind() == ValueKind::integer ? std::to_string(value.as_int()) : text;
  }

  [[noreturn]] static void refuse(tl::unexpected<Error> error) { throw Refused{std::move(error.value())}; }
  static Value taken(Result<Value> value) {
    if (!value) throw Refused{std::move(value.error())};
    return std::move(*value);
  }

  void begin(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, bool map) {
    if (!is_one_of(tag, {"", "?", "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}))
      refuse(bad(mark, "the tag `" + tag + "` is not supported"));
    if (open_.size() >= limits_.depth) refuse(too_deep(mark));
    count(mark, 1);
    Open& made = open_.emplace_back();
    made.mark = mark;
    made.anchor = anchor;
    made.map = map;
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    Part part;
    part.value = done.map ? Value::map(std::move(done.entries)) : Value::list(std::move(done.items));
    part.nodes = done.nodes;
    part.height = done.height;
    put(done.mark, done.anchor, std::move(part));
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > limits_.nodes)
      refuse(bad(mark, fmt::format("more than {} values, aliases counted", limits_.nodes)));
  }

  /// Where the part belongs: into what is open, or it is the document.
  void put(const YAML::Mark& mark, YAML::anchor_t anchor, Part part) {
    bool placed = base_ != 0 && mark.pos >= 0;
    if (placed) part.value = part.value.with_origin(base_ + static_cast<std::uint32_t>(mark.pos));
    if (anchor != YAML::NullAnchor) anchors_[anchor] = part;
    if (open_.size() + part.height > limits_.depth) refuse(too_deep(mark));
    if (open_.empty()) {
      root_ = std::move(part);
      return;
    }
    Open& outer = open_.back();
    if (outer.map && !outer.key) return put_key(mark, part);
    outer.nodes += part.nodes;
    outer.height = std::max(outer.height, part.height + 1);
    if (outer.map) {
      Value key = Value::string(*outer.key).with_origin(outer.key_origin);
      outer.entries.push_back({std::move(key), std::move(part.value)});
      outer.key.reset();
    } else {
      outer.items.push_back(std::move(part.value));
    }
  }

  void put_key(const YAML::Mark& mark, const Part& part) {
    if (!part.scalar) refuse(bad(mark, "a key must be text"));
    const auto& [name, tag] = *part.scalar;
    if (name == "<<" && tag != "!")
      refuse(bad(mark, "merge keys (`<<`) are not part of YAML 1.2; write the fields out"));
    Open& outer = open_.back();
    if (!outer.keys.insert(name).second) refuse(bad(mark, "the key `" + name + "` is there twice"));
    outer.key = name;
    outer.key_origin = part.value.origin();
  }

  [[nodiscard]] tl::unexpected<Error> too_deep(const YAML::Mark& mark) const {
    return bad(mark, fmt::format("nested deeper than {} levels", limits_.depth));
  }

  const YamlLimits& limits_;
  Dialect dialect_ = Dialect::core;
  std::uint32_t base_ = 0;  ///< of the first byte, where values remember their place
  std::vector<Value> documents_;
  Part root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Part> anchors_;
  std::size_t nodes_ = 0;
  int began_ = -1;
};

}  // namespace

namespace {

Result<std::vector<Value>> read_with(Reader reader, std::string_view text, const YamlLimits& limits) {
  if (text.size() > limits.bytes)
    return fail(DiagnosticCode::bad_import_data, fmt::format("more than {} bytes of YAML", limits.bytes));
  if (auto at = utf8::first_invalid(text); at != std::string_view::npos)
    return fail(DiagnosticCode::bad_import_data, fmt::format("byte {} is not valid UTF-8", at));
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(reader)) {
    }
    return reader.take();
  } catch (const Refused& refused) {
    return fail(refused.error);
  } catch (const YAML::Exception& exception) {
    return bad(exception.mark, exception.msg);
  }
}

}  // namespace

Result<std::vector<Value>> parse_yaml_documents(std::string_view text, const YamlLimits& limits) {
  return read_with(Reader(limits), text, limits);
}

Result<std::vector<Value>> parse_manifests(std::string_view text, std::uint32_t base,
                                           const YamlLimits& limits) {
  return read_with(Reader(limits, base), text, limits);
}

Result<Value> parse_yaml(std::string_view text, const YamlLimits& limits) {
  std::vector<Value> documents = CARBON_TRY(parse_yaml_documents(text, limits));
  if (documents.empty()) return Value();
  if (documents.size() > 1) return fail(DiagnosticCode::bad_import_data, "more than one YAML document");
  return std::move(documents.front());
}

}  // namespace carbon
