#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace carbon::lsp {

/// One message as it came. Only `complete` has text.
struct Frame {
  enum class Kind : std::uint8_t {
    complete,
    too_large,   ///< its content was read past
    unreadable,  ///< a header without a usable Content-Length; reading goes on at the next one
  };
  Kind kind = Kind::complete;
  std::string text;
};

/// Cuts a byte stream into messages by their `Content-Length` headers (LSP, "Base Protocol"). Holds at most
/// one unfinished message; what is announced but not there yet costs nothing.
class FrameReader {
 public:
  static constexpr std::size_t largest_message = 64u * 1024 * 1024;
  /// A header line longer than this is no header.
  static constexpr std::size_t longest_header = 8u * 1024;

  void feed(std::string_view bytes);
  /// The next message, or nothing until more bytes are fed.
  [[nodiscard]] std::optional<Frame> next();

 private:
  [[nodiscard]] std::optional<std::string_view> line();
  /// Reads header lines up to the empty one; false when more bytes are needed.
  [[nodiscard]] bool headers();
  void discard();
  void compact();

  std::string buffer_;
  std::size_t at_ = 0;                 ///< what is before it has been taken
  std::optional<std::size_t> length_;  ///< of the message whose headers are being read
  bool bad_header_ = false;
  bool in_content_ = false;
  std::size_t to_discard_ = 0;  ///< bytes of a message that is too large
};

/// The message with its header.
[[nodiscard]] std::string frame(std::string_view json);

}  // namespace carbon::lsp
