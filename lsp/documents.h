#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/value.h"
#include "lsp/position.h"

namespace carbon::lsp {

/// A text that the client has open.
struct Document {
  std::string uri;   ///< as the client writes it
  std::string path;  ///< absolute, links resolved
  std::int64_t version = 0;
  std::string text;
};

/// What a client may send as a position or range; anything else is the start of the text.
[[nodiscard]] Position read_position(const Value& position);
[[nodiscard]] Range read_range(const Value& range);

/// What the client has open, by its URIs. Texts change only here.
class Documents {
 public:
  /// Links in a path resolved, so that one file has one name.
  using Canonical = std::function<std::string(const std::string& path)>;
  explicit Documents(Canonical canonical) : canonical_(std::move(canonical)) {}

  void set_encoding(PositionEncoding encoding) { encoding_ = encoding; }

  // Parameters of the notifications. What is wrong with one is said in words; empty when it was carried out.
  [[nodiscard]] std::string open(const Value& parameters);
  [[nodiscard]] std::string change(const Value& parameters);
  [[nodiscard]] std::string close(const Value& parameters);

  /// The document, or nullptr.
  [[nodiscard]] const Document* find(std::string_view uri) const;
  [[nodiscard]] const Document* at_path(std::string_view path) const;
  [[nodiscard]] const std::map<std::string, Document, std::less<>>& all() const { return open_; }
  /// The client's own URI for a path if it is open, else one made of the path.
  [[nodiscard]] std::string uri_of(const std::string& path) const;

 private:
  Canonical canonical_;
  PositionEncoding encoding_ = PositionEncoding::utf16;
  std::map<std::string, Document, std::less<>> open_;
};

}  // namespace carbon::lsp
