#include "platform/connectors/kubernetes/generated_secret.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/base64.h"

namespace carbon {

namespace {

constexpr std::string_view letters_and_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
constexpr std::int64_t default_length = 32;
constexpr std::int64_t greatest_length = 4096;

Result<std::string> one_value(std::string_view key, const Value& recipe, Io& io) {
  const Value* length = recipe.find("length");
  const Value* alphabet = recipe.find("alphabet");
  std::int64_t count =
      length != nullptr && length->kind() == ValueKind::integer ? length->as_int() : default_length;
  std::string_view characters =
      alphabet != nullptr && alphabet->is_string() ? alphabet->text() : letters_and_digits;
  if (count < 1 || count > greatest_length)
    return fail(DiagnosticCode::facet_violated, fmt::format("`keys.{}.length` is {}", key, count));
  bool ascii = std::all_of(characters.begin(), characters.end(), [](char c) { return c > 0x1F && c < 0x7F; });
  if (characters.size() < 2 || characters.size() > 256 || !ascii)
    return fail(DiagnosticCode::facet_violated,
                fmt::format("`keys.{}.alphabet` needs 2 to 256 characters of ASCII", key));
  return random_text(characters, static_cast<std::size_t>(count), io);
}

}  // namespace

std::string random_text(std::string_view alphabet, std::size_t length, Io& io) {
  // Bytes beyond the last whole multiple of the alphabet are thrown away: taking them would favour its start.
  const std::size_t usable = 256 / alphabet.size() * alphabet.size();
  std::string out;
  while (out.size() < length) {
    for (char c : io.random(length)) {
      auto byte = static_cast<unsigned char>(c);
      if (byte < usable && out.size() < length) out += alphabet[byte % alphabet.size()];
    }
  }
  return out;
}

Result<Value> generated_data(const Value& keys, const Value& kept, Io& io) {
  std::vector<Entry> data;
  if (kept.is_fields()) data.assign(kept.entries().begin(), kept.entries().end());
  for (const Entry& entry : keys.is_fields() ? keys.entries() : std::span<const Entry>()) {
    if (kept.find(entry.key.text()) != nullptr) continue;
    std::string made = CARBON_TRY(one_value(entry.key.text(), entry.value, io));
    data.push_back({entry.key, Value::string(base64_encode(made))});
  }
  return Value::map(std::move(data));
}

}  // namespace carbon
