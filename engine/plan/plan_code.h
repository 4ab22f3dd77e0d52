#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "engine/plan/plan.h"

namespace carbon {

/// The body of a plan file, read back. Errors: C0901 naming the part.
[[nodiscard]] Result<Plan> decode_plan(std::string_view body);

/// One field set of a record to read from, with errors that name what is missing.
class RecordReader {
 public:
  explicit RecordReader(const Value& record) : record_(record) {}

  [[nodiscard]] std::string text(std::string_view name);
  [[nodiscard]] std::uint64_t number(std::string_view name);
  [[nodiscard]] bool flag(std::string_view name);
  /// The value itself; null when it is not there.
  [[nodiscard]] Value value(std::string_view name) const;
  [[nodiscard]] std::span<const Value> items(std::string_view name);
  [[nodiscard]] std::vector<std::string> texts(std::string_view name);
  [[nodiscard]] FieldPath path(std::string_view name);
  [[nodiscard]] std::vector<FieldPath> paths(std::string_view name);
  template <class Enum>
  [[nodiscard]] Enum choice(std::string_view name, std::uint64_t count) {
    std::uint64_t found = number(name);
    if (found >= count) wrong(name);
    return static_cast<Enum>(found < count ? found : 0);
  }

  void wrong(std::string_view name) {
    if (bad_.empty()) bad_ = name;
  }
  /// The first thing that was missing or of another kind.
  [[nodiscard]] const std::string& bad() const { return bad_; }

 private:
  const Value& record_;
  std::string bad_;
};

}  // namespace carbon
