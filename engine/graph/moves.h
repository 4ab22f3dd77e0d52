#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/model/resource.h"

namespace carbon {

/// True when the address is the outer one or stands beneath it: `apps["a"].db` is within `apps`.
[[nodiscard]] bool is_within(std::string_view address, std::string_view outer);

/// `moved from -> to`: what was at `from`, and everything beneath it, is at `to` now.
struct Move {
  Address from;
  Address to;
  SourceSpan from_span;
  SourceSpan to_span;

  /// `db -> db.main`: what was one object is a component or collection now, so only the address itself moved.
  [[nodiscard]] bool inward() const { return is_within(to, from); }
};

/// `removed address keep|destroy`: what is to become of what was there, and of everything beneath it.
struct Removal {
  Address address;
  bool destroy = false;
  SourceSpan span;
};

/// All that a platform says about addresses that are gone.
class Moves {
 public:
  /// No other move may have the same source.
  void add(Move move);
  void add(Removal removal);

  [[nodiscard]] bool empty() const { return moves_.empty() && removals_.empty(); }
  /// Sorted by source, and by address.
  [[nodiscard]] const std::map<Address, Move, std::less<>>& moves() const { return moves_; }
  [[nodiscard]] const std::map<Address, Removal, std::less<>>& removals() const { return removals_; }

  /// Where one move leads from the address: that of the most specific source. Nothing when none applies.
  [[nodiscard]] std::optional<Address> next(std::string_view address) const;
  /// Where all moves lead together, one after the other; the address itself when none applies. Nothing when
  /// they go round in a circle.
  [[nodiscard]] std::optional<Address> follow(Address address) const;
  /// What is said of the address, by the most specific statement, or nullptr.
  [[nodiscard]] const Removal* removal(std::string_view address) const;

 private:
  std::map<Address, Move, std::less<>> moves_;
  std::map<Address, Removal, std::less<>> removals_;
};

}  // namespace carbon
