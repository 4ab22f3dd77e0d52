#include "base/utf8.h"

#include <cstdint>
#include <cstring>

namespace carbon::utf8 {

namespace {

std::size_t length_of(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

/// Length of a run of ASCII at the start, eight bytes at a time: most of most texts.
std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080u;
  std::size_t at = 0;
  for (; text.size() - at >= sizeof(std::uint64_t); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + at, sizeof word);
    if ((word & high_bits) != 0) break;
  }
  while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) ++at;
  return at;
}

bool in_range(char32_t code_point, std::size_t length) {
  if (code_point >= 0xD800 && code_point < 0xE000) return false;
  if (length == 3) return code_point >= 0x800;
  if (length == 4) return code_point >= 0x10000 && code_point <= 0x10FFFF;
  return true;
}

}  // namespace

Decoded decode(std::string_view text) {
  auto lead = static_cast<unsigned char>(text.front());
  std::size_t length = length_of(lead);
  if (length == 0 || length > text.size()) return {};
  if (length == 1) return {lead, 1, true};
  char32_t code_point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code_point = (code_point << 6) | (byte & 0x3F);
  }
  if (!in_range(code_point, length)) return {};
  return {code_point, length, true};
}

std::size_t count(std::string_view text) {
  std::size_t counted = 0;
  for (; !text.empty(); ++counted) text.remove_prefix(decode(text).length);
  return counted;
}

std::size_t first_invalid(std::string_view text) {
  std::size_t at = 0;
  while (true) {
    at += ascii_prefix(text.substr(at));
    if (at == text.size()) return std::string_view::npos;
    Decoded next = decode(text.substr(at));
    if (!next.valid) return at;
    at += next.length;
  }
}

std::string cut(std::string_view text, std::size_t most) {
  // A code point is a byte at least.
  if (text.size() <= most || count(text) <= most) return std::string(text);
  std::size_t end = 0;
  for (std::size_t i = 0; i + 1 < most; ++i) end += decode(text.substr(end)).length;
  return std::string(text.substr(0, end)) + "…";
}

void append(std::string& out, char32_t code_point) {
  auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code_point < 0x80) {
    put(code_point);
  } else if (code_point < 0x800) {
    put(0xC0 | (code_point >> 6));
    put(0x80 | (code_point & 0x3F));
  } else if (code_point < 0x10000) {
    put(0xE0 | (code_point >> 12));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  } else {
    put(0xF0 | (code_point >> 18));
    put(0x80 | ((code_point >> 12) & 0x3F));
    put(0x80 | ((code_point >> 6) & 0x3F));
    put(0x80 | (code_point & 0x3F));
  }
}

}  // namespace carbon::utf8
