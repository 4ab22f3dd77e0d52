#pragma once

#include <cstdint>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/parse/builder.h"

/// How grammar rules become nodes. A rule says its shape by what it derives from; ParseControl acts on it.
/// Only the parser's own sources and its grammar test may include this: it brings PEGTL with it.
namespace carbon::grammar {

namespace peg = tao::pegtl;

enum class Shape : std::uint8_t {
  node,      ///< one node around everything that the rule matches
  led,       ///< the same, for rules whose first part makes no node and decides: opened only behind it
  chain,     ///< a node only if there is more than one child in it
  optional,  ///< a node only if the match ends in `?`
  guard,     ///< no node; forgets what a failed or abandoned match has appended
};

template <NodeKind K, class... Rules>
struct node : peg::seq<Rules...> {
  static constexpr Shape shape = Shape::node;
  static constexpr NodeKind kind = K;
};

/// Most attempts at a rule fail at its first character; this shape costs them nothing. All of `Rest` must
/// insist.
template <NodeKind K, class Leader, class... Rest>
struct led : peg::seq<Leader, Rest...> {
  static constexpr Shape shape = Shape::led;
  static constexpr NodeKind kind = K;
  using leader = Leader;
  using rest = peg::seq<Rest...>;
};

template <NodeKind K, class... Rules>
struct chain : peg::seq<Rules...> {
  static constexpr Shape shape = Shape::chain;
  static constexpr NodeKind kind = K;
};

/// Whether a rule counts as one level of nesting.
template <class Rule>
concept Deep = requires {
  Rule::deep;
};

/// A point where the grammar insists: what matches nothing here is an error of its own name.
template <Expected E, class... Rules>
struct expect : peg::seq<Rules...> {
  static constexpr Expected expected = E;
};
template <Expected E, class... Rules>
using need = peg::must<expect<E, Rules...>>;

/// PEGTL's control: appends nodes as rules succeed and records faults as they are raised. `Builder` is the
/// TreeBuilder, or one of the same shape that keeps nothing (bench/recogniser.h).
template <class Rule>
struct ParseControl : peg::normal<Rule> {
  template <class Input, class Builder>
  [[noreturn]] static void raise(const Input& in, Builder& builder) {
    builder.raise(Rule::expected, in.current());
  }

  template <peg::apply_mode A, peg::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class Input, class Builder>
  [[nodiscard]] static bool match(Input& in, Builder& builder) {
    if constexpr (!requires { Rule::shape; }) {
      return peg::match<Rule, A, M, Action, Control>(in, builder);
    } else if constexpr (Rule::shape == Shape::led) {
      const char* begin = in.current();
      auto mark = in.template mark<peg::rewind_mode::required>();
      if (!peg::match<typename Rule::leader, A, peg::rewind_mode::required, Action, Control>(in, builder)) {
        return false;
      }
      return mark(committed<A, M, Action, Control>(in, builder, begin));
    } else if constexpr (Deep<Rule>) {
      builder.enter(in.current());
      bool matched = shaped<A, M, Action, Control>(in, builder);
      builder.leave();
      return matched;
    } else {
      return shaped<A, M, Action, Control>(in, builder);
    }
  }

 private:
  /// What stands behind the leader of a led rule.
  template <peg::apply_mode A, peg::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class Input, class Builder>
  [[nodiscard]] static bool committed(Input& in, Builder& builder, const char* begin) {
    static_assert(A == peg::apply_mode::action, "look-ahead must not append nodes: give it a scanner");
    typename Builder::State before = builder.state();
    if constexpr (Deep<Rule>) builder.enter(in.current());
    builder.open(Rule::kind, begin);
    if (!peg::match<typename Rule::rest, A, M, Action, Control>(in, builder)) {
      builder.restore(before);
      return false;
    }
    builder.close(in.current());
    if constexpr (Deep<Rule>) builder.leave();
    return true;
  }

  template <peg::apply_mode A, peg::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class Input, class Builder>
  [[nodiscard]] static bool shaped(Input& in, Builder& builder) {
    static_assert(A == peg::apply_mode::action, "look-ahead must not append nodes: give it a scanner");
    const char* begin = in.current();
    typename Builder::State before = builder.state();
    if constexpr (Rule::shape == Shape::node) builder.open(Rule::kind, begin);
    if (!peg::match<Rule, A, M, Action, Control>(in, builder)) {
      builder.restore(before);
      return false;
    }
    if constexpr (Rule::shape == Shape::node) {
      builder.close(in.current());
    } else if constexpr (Rule::shape == Shape::chain) {
      if (builder.has_siblings(before)) builder.wrap(Rule::kind, before, begin, in.current());
    } else if constexpr (Rule::shape == Shape::optional) {
      if (in.current()[-1] == '?') builder.wrap(Rule::kind, before, begin, in.current());
    }
    return true;
  }
};

}  // namespace carbon::grammar
