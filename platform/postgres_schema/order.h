#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace carbon::postgres {

/// Things to be put in an order in which each comes behind what it needs; of those that may come next, the
/// one with the smallest rank, then number. O((n + edges) log n).
class Ordering {
 public:
  explicit Ordering(std::size_t count) : ranks_(count, absent), needed_by_(count), waits_for_(count, 0) {}

  /// Takes part. What does not is not waited for.
  void include(std::size_t at, std::uint32_t rank) { ranks_[at] = rank; }
  [[nodiscard]] bool includes(std::size_t at) const { return ranks_[at] != absent; }
  /// Both must be included already; a thing that needs itself is left out.
  void add_need(std::size_t at, std::size_t needed);

  struct Order {
    std::vector<std::size_t> sorted;
    std::vector<std::size_t> circular;  ///< what needs itself in the end, and what needs such
  };
  [[nodiscard]] Order sort() const;

 private:
  static constexpr std::uint32_t absent = UINT32_MAX;
  std::vector<std::uint32_t> ranks_;
  std::vector<std::vector<std::size_t>> needed_by_;
  std::vector<std::size_t> waits_for_;
};

}  // namespace carbon::postgres
