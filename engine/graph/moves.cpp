#include "engine/graph/moves.h"

namespace carbon {

namespace {

/// The address, then what it stands in, to the outermost. A part of a quoted key may come too: nothing has
/// such an address.
std::string_view shorten(std::string_view address) {
  std::size_t end = address.find_last_of(".[");
  return end == std::string_view::npos ? std::string_view() : address.substr(0, end);
}

}  // namespace

bool is_within(std::string_view address, std::string_view outer) {
  if (!address.starts_with(outer)) return false;
  std::string_view below = address.substr(outer.size());
  return below.empty() || below.front() == '.' || below.front() == '[';
}

void Moves::add(Move move) {
  Address from = move.from;
  moves_.emplace(std::move(from), std::move(move));
}

void Moves::add(Removal removal) {
  Address address = removal.address;
  removals_.emplace(std::move(address), std::move(removal));
}

std::optional<Address> Moves::next(std::string_view address) const {
  for (std::string_view outer = address; !outer.empty(); outer = shorten(outer)) {
    auto found = moves_.find(outer);
    if (found == moves_.end()) continue;
    const Move& move = found->second;
    if (outer.size() != address.size() && move.inward()) continue;
    return move.to + std::string(address.substr(outer.size()));
  }
  return std::nullopt;
}

std::optional<Address> Moves::follow(Address address) const {
  // Without a circle no move is taken twice.
  for (std::size_t steps = 0; steps <= moves_.size(); ++steps) {
    std::optional<Address> there = next(address);
    if (!there) return address;
    address = std::move(*there);
  }
  return std::nullopt;
}

const Removal* Moves::removal(std::string_view address) const {
  for (std::string_view outer = address; !outer.empty(); outer = shorten(outer)) {
    auto found = removals_.find(outer);
    if (found != removals_.end()) return &found->second;
  }
  return nullptr;
}

}  // namespace carbon
