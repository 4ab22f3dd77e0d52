#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace carbon {

/// A half-open byte range over all loaded sources. Offset 0 is never part of a source, so {0, 0} means
/// "nowhere". Eight bytes: kept in every syntax node, expression and diagnostic; turned into line and column
/// only to print.
struct SourceSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] bool known() const { return begin != 0; }
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  friend bool operator==(const SourceSpan&, const SourceSpan&) = default;
};

/// Where a byte stands, for people: lines and columns count from 1, columns in Unicode code points.
struct SourceLocation {
  std::string_view path;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Owns the text of every loaded source file, one after the other in one offset space of 32 bits.
/// Filled by the loader before parsing and never changed afterwards; readers may be on any thread.
class SourceMap {
 public:
  struct File {
    std::string path;  ///< as the user knows it: relative to the package root, with `/`
    std::string text;
    std::uint32_t base = 0;                  ///< offset of the first byte
    std::vector<std::uint32_t> line_starts;  ///< offsets relative to `base`; one scan at load
  };

  /// Adds a file; returns its index. The whole map holds at most 4 GiB.
  std::uint32_t add(std::string path, std::string text);

  [[nodiscard]] const std::deque<File>& files() const { return files_; }
  [[nodiscard]] const File& file(std::uint32_t index) const { return files_[index]; }
  /// The file that holds the offset, or nullptr when the offset is nowhere. O(log files).
  [[nodiscard]] const File* find(std::uint32_t offset) const;
  /// O(log files + log lines + length of the line).
  [[nodiscard]] SourceLocation locate(std::uint32_t offset) const;
  [[nodiscard]] std::string_view text(SourceSpan span) const;
  /// The whole line that holds the offset, without its line end.
  [[nodiscard]] std::string_view line(std::uint32_t offset) const;

 private:
  // A deque: texts stay where they are while more files are added, and trees point into them.
  std::deque<File> files_;
  std::uint32_t next_ = 1;
};

}  // namespace carbon
