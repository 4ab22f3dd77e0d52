#include "base/value_json.h"

#include <fmt/format.h>
#include <simdjson.h>
#include <charconv>
#include <cmath>
#include <iterator>

#include "base/base64.h"
#include "base/utf8.h"

namespace carbon {

namespace {

using simdjson::ondemand::json_type;

constexpr int max_depth = 512;

struct Reader {
  int depth = 0;
  // Children on their way: a collection is made when its size is known, so none is grown and none has room to
  // spare.
  std::vector<Value> items;
  std::vector<Entry> entries;

  template <class Child>
  static std::vector<Child> taken(std::vector<Child>& from, std::size_t first) {
    auto begin = from.begin() + static_cast<std::ptrdiff_t>(first);
    std::vector<Child> out(std::make_move_iterator(begin), std::make_move_iterator(from.end()));
    from.erase(begin, from.end());
    return out;
  }

  /// Throws simdjson_error: this file is the wall around simdjson's exceptions.
  template <class Node>  // ondemand::value or ondemand::document
  Value read(Node&& node) {
    json_type type = node.type();
    switch (type) {
      case json_type::null:
        if (!node.is_null()) throw simdjson::simdjson_error(simdjson::N_ATOM_ERROR);
        return {};
      case json_type::boolean: return Value::boolean(node.get_bool());
      case json_type::string: return Value::string(std::string_view(node.get_string()));
      case json_type::number: return number(node.raw_json_token());
      case json_type::array: return array(node.get_array());
      case json_type::object: return object(node.get_object());
    }
    return {};
  }

  void enter() {
    if (++depth > max_depth) throw simdjson::simdjson_error(simdjson::DEPTH_ERROR);
  }

  Value array(simdjson::ondemand::array array) {
    enter();
    std::size_t first = items.size();
    for (auto item : array) items.push_back(read(item.value()));
    --depth;
    return Value::list(taken(items, first));
  }

  Value object(simdjson::ondemand::object object) {
    enter();
    std::size_t first = entries.size();
    for (auto field : object) {
      Value key = Value::string(std::string_view(field.unescaped_key()));
      Value value = read(field.value());
      entries.push_back({std::move(key), std::move(value)});
    }
    --depth;
    return Value::map(taken(entries, first));
  }

  static std::string_view without_blanks(std::string_view token) {
    std::size_t begin = token.find_first_not_of(" \n\r\t");
    if (begin == std::string_view::npos) return {};
    return token.substr(begin, token.find_last_not_of(" \n\r\t") - begin + 1);
  }

  static Value number(std::string_view token) {
    token = without_blanks(token);
    std::int64_t whole = 0;
    auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), whole);
    bool all = end == token.data() + token.size();
    std::string_view digits = token.substr(token.starts_with('-') ? 1 : 0);
    bool leading_zero = digits.size() > 1 && digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
    if (leading_zero) throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
    if (all && error == std::errc{} && token != "-0") return Value::integer(whole);
    double ignored = 0;
    auto [float_end, float_error] = std::from_chars(token.data(), token.data() + token.size(), ignored);
    bool number = float_end == token.data() + token.size() && float_error != std::errc::invalid_argument;
    char last = token.empty() ? '.' : token.back();
    bool digit_around_point = token.find('.') == std::string_view::npos ||
                              (token.find('.') > 0 && token[token.find('.') - 1] != '-');
    if (!number || last < '0' || last > '9' || !digit_around_point) {
      throw simdjson::simdjson_error(simdjson::NUMBER_ERROR);
    }
    return Value::decimal(token);
  }
};

}  // namespace

Result<Value> parse_json(std::string_view text) {
  static thread_local simdjson::ondemand::parser parser;
  try {
    simdjson::padded_string padded(text);
    auto document = parser.iterate(padded).value();
    Reader reader;
    // Taking a number's text does not move the parser on, so a document that is only a number is its whole
    // text.
    bool lone_number = document.type() == json_type::number;
    bool ended =
        lone_number && Reader::without_blanks(document.raw_json_token()) == Reader::without_blanks(text);
    Value value = reader.read(document);
    if (!lone_number) ended = document.current_location().error() == simdjson::OUT_OF_BOUNDS;
    if (!ended) return fail(DiagnosticCode::bad_reply, "text follows the JSON document");
    return value;
  } catch (const simdjson::simdjson_error& error) {
    return fail(DiagnosticCode::bad_reply, fmt::format("not valid JSON: {}", error.what()));
  }
}

std::string json_quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '"' || byte == '\\') {
      out.push_back('\\');
      out.push_back(text[i++]);
    } else if (byte == '\n') {
      out += "\\n";
      ++i;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\u{:04x}", byte);
      ++i;
    } else if (byte < 0x80) {
      out.push_back(text[i++]);
    } else {
      utf8::Decoded next = utf8::decode(text.substr(i));
      if (next.valid) {
        out.append(text.substr(i, next.length));
      } else {
        out += "\\ufffd";
      }
      i += next.length;
    }
  }
  out.push_back('"');
  return out;
}

namespace {

struct Writer {
  JsonStyle style;
  std::string out;
  std::size_t level = 0;

  void line() {
    if (style == JsonStyle::compact) return;
    out.push_back('\n');
    out.append(level * 2, ' ');
  }

  template <class Range, class Each>
  void sequence(char open, char close, const Range& range, const Each& each) {
    out.push_back(open);
    ++level;
    bool first = true;
    for (const auto& item : range) {
      if (!first) out.push_back(',');
      first = false;
      line();
      each(item);
    }
    --level;
    if (!first) line();
    out.push_back(close);
  }

  void write(const Value& value) {
    switch (value.kind()) {
      case ValueKind::null: out += "null"; return;
      case ValueKind::boolean: out += value.as_bool() ? "true" : "false"; return;
      case ValueKind::integer: out += std::to_string(value.as_int()); return;
      case ValueKind::floating: out += float_text(value.as_float()); return;
      case ValueKind::decimal: out += value.text(); return;
      case ValueKind::string:
      case ValueKind::reference: out += json_quote(value.text()); return;
      case ValueKind::blob: out += json_quote(base64_encode(value.text())); return;
      case ValueKind::quantity: quantity(value.as_quantity()); return;
      case ValueKind::duration: out += json_quote(value.as_duration().go_text()); return;
      case ValueKind::list:
      case ValueKind::set:
        sequence('[', ']', value.items(), [this](const Value& item) { write(item); });
        return;
      case ValueKind::map:
      case ValueKind::record:
        sequence('{', '}', value.entries(), [this](const Entry& entry) {
          out += json_quote(entry.key.text());
          out += style == JsonStyle::compact ? ":" : ": ";
          write(entry.value);
        });
        return;
      case ValueKind::secret: out += "\"(secret)\""; return;
      case ValueKind::unknown: out += "\"(known after apply)\""; return;
    }
  }

  /// A count without a suffix is a number, as users write it.
  void quantity(const Quantity& value) {
    std::string text = value.text();
    bool number = text.find_first_not_of("-0123456789") == std::string::npos;
    out += number ? text : json_quote(text);
  }

  static std::string float_text(double value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
  }
};

}  // namespace

std::string to_json(const Value& value, JsonStyle style) {
  Writer writer{style, {}, 0};
  writer.write(value);
  return std::move(writer.out);
}

}  // namespace carbon
