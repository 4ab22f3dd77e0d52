#include "engine/model/secret_texts.h"

#include <fmt/core.h>
#include <algorithm>
#include <array>

#include "base/base64.h"
#include "base/percent_encoding.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

constexpr std::size_t shortest_distinct = 4;
constexpr std::string_view hidden = "(secret)";

enum class Inside : bool { plain, secret };

void collect(const Value& value, const Type& outer, Inside inside, std::vector<std::string>& found) {
  static const Type json{};
  const Type& type = plain_type(outer);
  bool secret = inside == Inside::secret || outer.kind == TypeKind::secret ||
                (outer.kind == TypeKind::optional && outer.element != nullptr &&
                 outer.element->kind == TypeKind::secret);
  auto descend = [&](FieldStep step, const Value& child, bool marked) {
    TypePtr below = step_type(type, step);
    collect(child, below == nullptr ? json : *below, secret || marked ? Inside::secret : Inside::plain,
            found);
  };
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      const FieldType* field = type.field(entry.key.text());
      bool marked = field != nullptr &&
                    (has(field->flags, FieldFlag::sensitive) || has(field->flags, FieldFlag::write_only));
      descend(FieldStep::field(std::string(entry.key.text())), entry.value, marked);
    }
  } else if (value.is_sequence()) {
    for (std::size_t i = 0; i < value.items().size(); ++i) descend(FieldStep::at(i), value.items()[i], false);
  } else if (secret && (value.is_string() || value.kind() == ValueKind::blob) && !value.text().empty()) {
    found.emplace_back(value.text());
    std::optional<std::string> decoded = base64_decode(value.text());
    if (decoded && !decoded->empty()) found.push_back(std::move(*decoded));
  }
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string doubled(std::string_view text, char quote) {
  std::string out;
  for (char c : text) {
    out += c;
    if (c == quote) out += c;
  }
  return out;
}

/// Inside a string of JSON, as encoders differ: Go's hides what HTML could take for a tag, Python's all that
/// is not ASCII.
std::string in_json(std::string_view text, std::string_view also_escaped, bool ascii) {
  std::string out;
  while (!text.empty()) {
    utf8::Decoded next = utf8::decode(text);
    std::string_view one = text.substr(0, next.length);
    text.remove_prefix(next.length);
    auto escaped = [&out](unsigned unit) { out += fmt::format("\\u{:04x}", unit); };
    if (ascii && next.valid && next.code_point >= 0x10000) {
      escaped(0xD800 + static_cast<unsigned>((next.code_point - 0x10000) >> 10));
      escaped(0xDC00 + static_cast<unsigned>((next.code_point - 0x10000) & 0x3FF));
    } else if ((ascii && next.valid && next.code_point >= 0x80) ||
               also_escaped.find(one) != std::string_view::npos) {
      escaped(static_cast<unsigned>(next.code_point));
    } else {
      std::string quoted = json_quote(one);
      out += quoted.substr(1, quoted.size() - 2);
    }
  }
  return out;
}

/// The characters of base64 that depend on the secret alone when it stands `before` bytes behind a boundary.
std::string base64_core(std::string_view text, std::size_t before) {
  std::string encoded = base64_encode(std::string(before, '\0') + std::string(text));
  std::size_t begin = (before * 8 + 5) / 6;
  std::size_t end = (before + text.size()) * 8 / 6;
  return encoded.substr(begin, end - begin);
}

std::vector<std::string> spellings(const std::string& secret) {
  std::string hex = hex_encode(secret);
  std::string upper = hex;
  for (char& c : upper) c = c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
  std::vector<std::string> all{secret,
                               doubled(secret, '\''),
                               doubled(secret, '"'),
                               percent_encoded(secret),
                               percent_encoded(secret, HexCase::lower),
                               std::move(hex),
                               std::move(upper)};
  for (bool ascii : {false, true}) {
    for (std::string_view html : {"", "<>&"}) {
      std::string once = in_json(secret, html, ascii);
      all.push_back(in_json(once, html, ascii));  // JSON inside a string of JSON
      all.push_back(std::move(once));
    }
  }
  for (std::size_t before = 0; before < 3; ++before) {
    std::string core = base64_core(secret, before);
    std::string for_urls = core;
    std::replace(for_urls.begin(), for_urls.end(), '+', '-');
    std::replace(for_urls.begin(), for_urls.end(), '/', '_');
    // A few characters of base64 stand in any text.
    if (core.size() < shortest_distinct) continue;
    all.push_back(std::move(core));
    all.push_back(std::move(for_urls));
  }
  return all;
}

}  // namespace

std::vector<std::string> secret_texts(const Value& value, const Type& schema) {
  std::vector<std::string> found;
  collect(value, schema, Inside::plain, found);
  return found;
}

std::string without_secrets(std::string words, const std::vector<std::string>& secrets) {
  std::vector<std::string> all;
  for (const std::string& secret : secrets) {
    if (secret.empty()) continue;
    if (secret.size() >= shortest_distinct) {
      for (std::string& spelling : spellings(secret)) all.push_back(std::move(spelling));
    } else if (words.find(secret) != std::string::npos) {
      return "(withheld: the words may hold a secret)";
    }
  }
  // The longer first: one secret may be part of another, or of its own escaped form.
  std::stable_sort(all.begin(), all.end(),
                   [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
  for (const std::string& spelling : all) replace_all(words, spelling, hidden);
  return words;
}

}  // namespace carbon
