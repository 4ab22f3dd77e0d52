#include "stdlib/native/yaml_text.h"

#include <algorithm>
#include <array>

#include "base/value_json.h"

namespace carbon {

namespace {

// Words that some YAML parser reads as something else than text.
constexpr std::array<std::string_view, 11> typed_words{"null", "true", "false", "yes", "no", "on",
                                                       "off",  "y",    "n",     "nan", "inf"};

constexpr std::size_t longest_implicit_key = 1000;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool is_plain(std::string_view text) {
  if (text.empty() || !is_letter(text.front())) return false;
  auto allowed = [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') ||
           std::string_view("_-./").find(c) != std::string_view::npos;
  };
  if (!std::all_of(text.begin(), text.end(), allowed)) return false;
  std::string word(text);
  std::transform(word.begin(), word.end(), word.begin(), lower);
  return std::find(typed_words.begin(), typed_words.end(), word) == typed_words.end();
}

std::string scalar(std::string_view text) { return is_plain(text) ? std::string(text) : json_quote(text); }

bool is_block(const Value& value) {
  return (value.is_sequence() && !value.items().empty()) || (value.is_fields() && !value.entries().empty());
}

struct Writer {
  std::string out;

  void pad(std::size_t depth) { out.append(depth * 2, ' '); }

  /// The value behind `key:` or `-`; blocks begin on the next line but in a list.
  void after_key(const Value& value, std::size_t depth) {
    out.push_back(is_block(value) ? '\n' : ' ');
    if (is_block(value)) pad(depth);
    write(value, depth);
  }

  void fields(const Value& value, std::size_t depth) {
    bool first = true;
    for (const Entry& entry : value.entries()) {
      if (!first) pad(depth);
      first = false;
      std::string key = scalar(entry.key.text());
      // The colon of an implicit key stands within 1024 characters (YAML 1.2, section 7.4.2).
      if (key.size() > longest_implicit_key) {
        out += "? " + key + "\n";
        pad(depth);
        key.clear();
      }
      out += key + ":";
      after_key(entry.value, depth + 1);
    }
  }

  void items(const Value& value, std::size_t depth) {
    bool first = true;
    for (const Value& item : value.items()) {
      if (!first) pad(depth);
      first = false;
      out += "- ";
      write(item, depth + 1);
    }
  }

  /// Begins at the right column and ends with a newline.
  void write(const Value& value, std::size_t depth) {
    if (is_block(value) && value.is_fields()) return fields(value, depth);
    if (is_block(value)) return items(value, depth);
    out += (value.is_string() ? scalar(value.text()) : to_json(value)) + "\n";
  }
};

}  // namespace

std::string to_yaml(const Value& value) {
  Writer writer;
  writer.write(value, 0);
  return std::move(writer.out);
}

}  // namespace carbon
