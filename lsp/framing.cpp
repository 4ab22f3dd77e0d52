#include "lsp/framing.h"

#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace carbon::lsp {

namespace {

bool same_word(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y));
  });
}

/// Digits and nothing else; nothing when it does not fit.
std::optional<std::size_t> number(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  std::size_t value = 0;
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = error == std::errc() && end == text.data() + text.size() && !text.empty();
  return whole ? std::optional(value) : std::nullopt;
}

}  // namespace

void FrameReader::feed(std::string_view bytes) {
  std::size_t dropped = std::min(to_discard_, bytes.size());
  to_discard_ -= dropped;
  buffer_ += bytes.substr(dropped);
}

std::optional<std::string_view> FrameReader::line() {
  std::size_t end = buffer_.find('\n', at_);
  if (end == std::string::npos) {
    // No header is that long: what came is forgotten, so that noise without line ends costs no memory.
    if (buffer_.size() - at_ > longest_header) {
      bad_header_ = true;
      at_ = buffer_.size();
    }
    return std::nullopt;
  }
  std::string_view found = std::string_view(buffer_).substr(at_, end - at_);
  at_ = end + 1;
  if (found.ends_with('\r')) found.remove_suffix(1);
  return found;
}

bool FrameReader::headers() {
  while (std::optional<std::string_view> found = line()) {
    if (found->empty()) {
      // Empty lines before a message are skipped.
      if (!length_ && !bad_header_) continue;
      in_content_ = true;
      return true;
    }
    constexpr std::string_view name = "Content-Length:";
    // Behind a message whose length was wrong the next header stands at the end of its rest.
    std::size_t at = same_word(found->substr(0, name.size()), name) ? 0 : found->rfind(name);
    if (at == std::string_view::npos) {
      bad_header_ = bad_header_ || found->find(':') == std::string_view::npos;
      continue;
    }
    length_ = number(found->substr(at + name.size()));
    bad_header_ = !length_;
  }
  return false;
}

void FrameReader::discard() {
  std::size_t here = std::min(to_discard_, buffer_.size() - at_);
  at_ += here;
  to_discard_ -= here;
}

void FrameReader::compact() {
  buffer_.erase(0, at_);
  at_ = 0;
}

std::optional<Frame> FrameReader::next() {
  if (!in_content_ && !headers()) {
    compact();
    return std::nullopt;
  }
  if (bad_header_ || !length_ || *length_ > largest_message) {
    bool large = length_ && !bad_header_;
    to_discard_ = large ? *length_ : 0;
    discard();
    compact();
    length_.reset();
    in_content_ = bad_header_ = false;
    return Frame{large ? Frame::Kind::too_large : Frame::Kind::unreadable, ""};
  }
  if (buffer_.size() - at_ < *length_) return std::nullopt;
  Frame made{Frame::Kind::complete, buffer_.substr(at_, *length_)};
  at_ += *length_;
  length_.reset();
  in_content_ = false;
  if (at_ > longest_header) compact();
  return made;
}

std::string frame(std::string_view json) {
  return fmt::format("Content-Length: {}\r\n\r\n{}", json.size(), json);
}

}  // namespace carbon::lsp
