#pragma once

#include <map>
#include <optional>

#include "base/value.h"
#include "lsp/analysis.h"
#include "lsp/documents.h"
#include "lsp/position.h"

namespace carbon::lsp {

[[nodiscard]] Value to_value(Position position);
[[nodiscard]] Value to_value(Range range);

/// Spans of an analysis as the client's ranges and locations. Keeps the lines of the files that it was asked
/// about, so it is made once an answer and lives no longer.
class Locator {
 public:
  Locator(const Analysis& analysis, const Documents& documents, PositionEncoding encoding)
      : analysis_(analysis), documents_(documents), encoding_(encoding) {}

  /// Of the file that holds the span's start.
  [[nodiscard]] Range range(SourceSpan span);
  /// `{uri, range}`; nothing for places in files that the client cannot open.
  [[nodiscard]] std::optional<Value> location(SourceSpan span);
  /// Empty for places in files that the client cannot open.
  [[nodiscard]] std::string uri(SourceSpan span) const;
  /// The offset in the SourceMap.
  [[nodiscard]] std::uint32_t offset(const SourceMap::File& file, Position position);

 private:
  [[nodiscard]] const TextLines& lines(const SourceMap::File& file);

  const Analysis& analysis_;
  const Documents& documents_;
  PositionEncoding encoding_;
  std::map<const SourceMap::File*, TextLines> lines_;
};

}  // namespace carbon::lsp
