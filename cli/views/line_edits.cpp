#include "cli/views/line_edits.h"

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <unordered_map>
#include <utility>

namespace carbon {

namespace {

/// Half-open ranges of lines of both texts.
struct Box {
  std::size_t a_begin, a_end, b_begin, b_end;
};

/// Finds which lines stay: Myers' O(ND) algorithm in linear space ("An O(ND) Difference Algorithm and Its
/// Variations", 1986, section 4b), from both ends to a middle, then each half.
class Comparison {
 public:
  Comparison(const std::vector<std::string_view>& a, const std::vector<std::string_view>& b)
      : kept_a(a.size()), kept_b(b.size()) {
    // A line that the other text does not have cannot stay. Without these, a text that changed in nearly
    // every line is compared as fast as one that changed in few.
    Numbers in_a = numbered(a);
    Numbers in_b = numbered(b);
    a_ = shared(a, in_a, in_b);
    b_ = shared(b, in_a, in_a);
    std::size_t diagonals = 2 * (a_.size() + b_.size()) + 3;
    forward_.resize(diagonals);
    backward_.resize(diagonals);
    // Its own stack: a text that is new in every line would nest deeply.
    std::vector<Box> boxes{{0, a_.size(), 0, b_.size()}};
    while (!boxes.empty()) {
      Box box = boxes.back();
      boxes.pop_back();
      split(box, boxes);
    }
  }

  std::vector<bool> kept_a;
  std::vector<bool> kept_b;

 private:
  /// A line that both texts have.
  struct Shared {
    std::size_t line;    ///< its index
    std::size_t number;  ///< equal lines have equal ones
  };
  using Numbers = std::unordered_map<std::string_view, std::size_t>;

  static Numbers numbered(const std::vector<std::string_view>& lines) {
    Numbers numbers;
    for (std::string_view line : lines) numbers.emplace(line, numbers.size());
    return numbers;
  }
  static std::vector<Shared> shared(const std::vector<std::string_view>& lines, const Numbers& numbers,
                                    const Numbers& other) {
    std::vector<Shared> out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (other.contains(lines[i])) out.push_back({i, numbers.at(lines[i])});
    }
    return out;
  }

  void keep(std::size_t a, std::size_t b) { kept_a[a_[a].line] = kept_b[b_[b].line] = true; }

  void split(Box box, std::vector<Box>& rest) {
    while (box.a_begin < box.a_end && box.b_begin < box.b_end &&
           a_[box.a_begin].number == b_[box.b_begin].number)
      keep(box.a_begin++, box.b_begin++);
    while (box.a_begin < box.a_end && box.b_begin < box.b_end &&
           a_[box.a_end - 1].number == b_[box.b_end - 1].number)
      keep(--box.a_end, --box.b_end);
    if (box.a_begin == box.a_end || box.b_begin == box.b_end) return;
    auto [a, b] = middle(box);
    rest.push_back({box.a_begin, a, box.b_begin, b});
    rest.push_back({a, box.a_end, b, box.b_end});
  }

  /// A point on a shortest path. Diagonals are numbered a - b, shifted to be indices.
  std::pair<std::size_t, std::size_t> middle(const Box& box) {
    auto a_size = static_cast<std::ptrdiff_t>(box.a_end - box.a_begin);
    auto b_size = static_cast<std::ptrdiff_t>(box.b_end - box.b_begin);
    std::ptrdiff_t delta = a_size - b_size;
    std::ptrdiff_t most = (a_size + b_size + 1) / 2;
    shift_ = a_size + b_size + 1;
    at(forward_, 1) = 0;
    at(backward_, 1) = 0;
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t a = step(forward_, d, k);
        while (a < a_size && a - k < b_size && same(box, a, a - k)) ++a;
        at(forward_, k) = a;
        std::ptrdiff_t other = delta - k;
        bool meets = delta % 2 != 0 && std::abs(other) < d && a + at(backward_, other) >= a_size;
        if (meets) return point(box, a, a - k);
      }
      for (std::ptrdiff_t k = -d; k <= d; k += 2) {
        std::ptrdiff_t a = step(backward_, d, k);
        while (a < a_size && a - k < b_size && same(box, a_size - 1 - a, b_size - 1 - (a - k))) ++a;
        at(backward_, k) = a;
        std::ptrdiff_t other = delta - k;
        bool meets = delta % 2 == 0 && std::abs(other) <= d && a + at(forward_, other) >= a_size;
        if (meets) return point(box, a_size - a, b_size - (a - k));
      }
    }
    return {box.a_end, box.b_begin};  // not reached: the paths meet at `most` at the latest
  }

  std::ptrdiff_t step(std::vector<std::ptrdiff_t>& reach, std::ptrdiff_t d, std::ptrdiff_t k) {
    bool down = k == -d || (k != d && at(reach, k - 1) < at(reach, k + 1));
    return down ? at(reach, k + 1) : at(reach, k - 1) + 1;
  }
  std::ptrdiff_t& at(std::vector<std::ptrdiff_t>& reach, std::ptrdiff_t k) const {
    return reach[static_cast<std::size_t>(k + shift_)];
  }
  [[nodiscard]] bool same(const Box& box, std::ptrdiff_t a, std::ptrdiff_t b) const {
    return a_[box.a_begin + static_cast<std::size_t>(a)].number ==
           b_[box.b_begin + static_cast<std::size_t>(b)].number;
  }
  static std::pair<std::size_t, std::size_t> point(const Box& box, std::ptrdiff_t a, std::ptrdiff_t b) {
    return {box.a_begin + static_cast<std::size_t>(a), box.b_begin + static_cast<std::size_t>(b)};
  }

  std::vector<Shared> a_;
  std::vector<Shared> b_;
  std::vector<std::ptrdiff_t> forward_;
  std::vector<std::ptrdiff_t> backward_;
  std::ptrdiff_t shift_ = 0;
};

}  // namespace

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

std::vector<LineEdit> line_edits(const std::vector<std::string_view>& before,
                                 const std::vector<std::string_view>& after) {
  Comparison compared(before, after);
  std::vector<LineEdit> edits;
  std::size_t j = 0;
  for (std::size_t i = 0; i <= before.size(); ++i) {
    for (; i < before.size() && !compared.kept_a[i]; ++i) edits.push_back({'-', before[i]});
    for (; j < after.size() && !compared.kept_b[j]; ++j) edits.push_back({'+', after[j]});
    if (i < before.size()) edits.push_back({' ', before[i]});
    ++j;
  }
  return edits;
}

}  // namespace carbon
