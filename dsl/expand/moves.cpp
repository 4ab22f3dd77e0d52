// `moved` and `removed` against what is declared.

#include <fmt/format.h>
#include <algorithm>

#include "base/spelling.h"
#include "base/value_json.h"
#include "dsl/expand/expander.h"

namespace carbon {

namespace {

/// What is declared at an address or beneath it.
class Declared {
 public:
  explicit Declared(const std::deque<Resource>& resources) {
    for (const Resource& resource : resources) {
      if (resource.mode == ResourceMode::managed) sorted_.push_back(&resource);
    }
    std::sort(sorted_.begin(), sorted_.end(),
              [](const Resource* a, const Resource* b) { return a->address < b->address; });
  }

  [[nodiscard]] std::vector<const Resource*> within(const Address& address) const {
    std::vector<const Resource*> found;
    for (std::string_view behind : {"", ".", "["}) {
      std::string prefix = address + std::string(behind);
      auto at = std::lower_bound(sorted_.begin(), sorted_.end(), prefix,
                                 [](const Resource* one, const Address& to) { return one->address < to; });
      for (; at != sorted_.end() && (*at)->address.starts_with(prefix); ++at) {
        if (behind.empty() && (*at)->address != address) break;
        found.push_back(*at);
      }
    }
    return found;
  }

  /// The first, or nullptr.
  [[nodiscard]] const Resource* first(const Address& address) const {
    auto found = within(address);
    return found.empty() ? nullptr : found.front();
  }

 private:
  std::vector<const Resource*> sorted_;
};

/// Reports what contradicts itself or the declared resources.
class MoveCheck {
 public:
  MoveCheck(const Moves& moves, const Declared& declared, DiagnosticSink& sink)
      : moves_(moves), declared_(declared), sink_(sink) {}

  void run() {
    for (const auto& [from, move] : moves_.moves()) check(move);
    for (const auto& [address, removal] : moves_.removals()) check(removal);
  }

 private:
  void check(const Move& move) {
    auto [at, fresh] = targets_.emplace(move.to, &move);
    if (!fresh) {
      Diagnostic& error =
          sink_.error(DiagnosticCode::bad_move, fmt::format("two moves lead to `{}`", move.to), move.to_span,
                      "again here");
      error.labels.push_back({at->second->to_span, "first here"});
      error.notes.emplace_back("an address names one object");
    }
    if (!moves_.follow(move.from)) {
      sink_.error(DiagnosticCode::bad_move, fmt::format("`{}` comes back to itself", move.from),
                  move.from_span, "moved in a circle");
      return;
    }
    still_declared(move);
  }

  void still_declared(const Move& move) {
    auto there = declared_.within(move.from);
    if (move.inward()) std::erase_if(there, [&](const Resource* one) { return one->address != move.from; });
    if (there.empty()) return;
    Diagnostic& error =
        sink_.error(DiagnosticCode::bad_move, fmt::format("`{}` is moved and is still declared", move.from),
                    move.from_span, "the object is said to be elsewhere now");
    error.labels.push_back({there.front()->span, fmt::format("`{}` is here", there.front()->address)});
    error.helps.push_back({"take the block away, or this line", {}});
  }

  void check(const Removal& removal) {
    if (const Resource* there = declared_.first(removal.address); there != nullptr) {
      Diagnostic& error = sink_.error(DiagnosticCode::bad_move,
                                      fmt::format("`{}` is removed and is still declared", removal.address),
                                      removal.span, "says what becomes of it without its block");
      error.labels.push_back({there->span, fmt::format("`{}` is here", there->address)});
      error.helps.push_back({"take the block away, or this line", {}});
    }
    auto moved = moves_.moves().find(removal.address);
    if (moved == moves_.moves().end()) return;
    sink_
        .error(DiagnosticCode::bad_move, fmt::format("`{}` is both moved and removed", removal.address),
               removal.span, "removed here")
        .labels.push_back({moved->second.from_span, "moved here"});
  }

  const Moves& moves_;
  const Declared& declared_;
  DiagnosticSink& sink_;
  std::map<Address, const Move*> targets_;
};

}  // namespace

/// Statements of a component stand once for every instance of it.
void Expander::collect_moves(const ScopeInstance& scope) {
  auto twice = [this](const Address& address, SourceSpan again, SourceSpan first, std::string_view what) {
    sink_.error(DiagnosticCode::bad_move, fmt::format("`{}` is {} twice", address, what), again, "again here")
        .labels.push_back({first, "first here"});
  };
  for (const MovedStatement& each : scope.scope->moved) {
    Move move{scope.prefix + each.from, scope.prefix + each.to, each.from_span, each.to_span};
    auto known = moves_.moves().find(move.from);
    if (known != moves_.moves().end()) {
      twice(move.from, move.from_span, known->second.from_span, "moved");
    } else {
      moves_.add(std::move(move));
    }
  }
  for (const RemovedStatement& each : scope.scope->removed) {
    Removal removal{scope.prefix + each.address, each.destroy, each.span};
    auto known = moves_.removals().find(removal.address);
    if (known != moves_.removals().end()) {
      twice(removal.address, removal.span, known->second.span, "removed");
    } else {
      moves_.add(std::move(removal));
    }
  }
}

/// After everything is unfolded.
void Expander::check_moves() {
  if (moves_.empty()) return;
  Declared declared(objects_.resources());
  MoveCheck(moves_, declared, sink_).run();
  for (const auto& [from, move] : moves_.moves()) {
    std::optional<Address> target = moves_.follow(move.to);
    if (!target) continue;
    for (const Resource* resource : declared.within(*target))
      keeps_name(move, *resource, from + resource->address.substr(target->size()));
  }
}

/// A name that came from the address would be another one, and so another object.
void Expander::keeps_name(const Move& move, const Resource& resource, const Address& before) {
  auto unnamed = unnamed_.find(resource.address);
  // A more specific move may lead elsewhere.
  if (unnamed == unnamed_.end() || moves_.follow(before) != resource.address) return;
  std::string former = name_from_address(before);
  std::string name = name_from_address(resource.address);
  if (former == name) return;
  Diagnostic& error = sink_.error(
      DiagnosticCode::moved_identity,
      fmt::format("`{}` has no written name, so the move would rename the object", resource.address),
      move.to_span, fmt::format("`{}` would become `{}`", former, name));
  error.labels.push_back({resource.span, "its name comes from its address"});
  error.address = resource.address;
  std::string line = fmt::format("name = {}", json_quote(former));
  const Unnamed& at = unnamed->second;
  Help help{at.once ? fmt::format("write the name that it has: `{}` in its `metadata`", line)
                    : fmt::format("write a name in its `metadata` that stays `{}` for this one", former),
            {}};
  if (at.once && at.metadata != 0) {
    help.fix = Fix{{at.metadata, at.metadata}, fmt::format("\n{}\n", line), FixSafety::safe};
  } else if (at.once) {
    help.fix = Fix{{at.body, at.body}, fmt::format("\n  metadata = {{ {} }}\n", line), FixSafety::safe};
  }
  error.helps.push_back(std::move(help));
}

}  // namespace carbon
