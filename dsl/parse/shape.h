#pragma once

#include <cstdint>
#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>

#include "dsl/parse/builder.h"
#include "dsl/parse/parse.h"

/// How grammar rules become nodes. A rule says its shape by what it derives from; ParseControl acts on it.
/// Only the parser's own sources and its grammar test may include this: it brings PEGTL with it.
namespace carbon::grammar {

namespace peg = tao::pegtl;

enum class Shape : std::uint8_t {
  node,      ///< one node around everything that the rule matches
  chain,     ///< a node only if there is more than one child in it
  optional,  ///< a node only if the match ends in `?`
  guard,     ///< no node; forgets what a failed or abandoned match has appended
};

template <NodeKind K, class... Rules>
struct node : peg::seq<Rules...> {
  static constexpr Shape shape = Shape::node;
  static constexpr NodeKind kind = K;
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

/// PEGTL's control: appends nodes as rules succeed and records faults as they are raised.
template <class Rule>
struct ParseControl : peg::normal<Rule> {
  template <class Input>
  [[noreturn]] static void raise(const Input& in, TreeBuilder& builder) {
    builder.raise(Rule::expected, in.current());
  }

  template <peg::apply_mode A, peg::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class Input>
  [[nodiscard]] static bool match(Input& in, TreeBuilder& builder) {
    if constexpr (!requires { Rule::shape; }) {
      return peg::match<Rule, A, M, Action, Control>(in, builder);
    } else if constexpr (Deep<Rule>) {
      if (builder.depth() == max_nesting) builder.raise(Expected::less_nesting, in.current());
      builder.enter();
      bool matched = shaped<A, M, Action, Control>(in, builder);
      builder.leave();
      return matched;
    } else {
      return shaped<A, M, Action, Control>(in, builder);
    }
  }

 private:
  template <peg::apply_mode A, peg::rewind_mode M, template <class...> class Action,
            template <class...> class Control, class Input>
  [[nodiscard]] static bool shaped(Input& in, TreeBuilder& builder) {
    static_assert(A == peg::apply_mode::action, "look-ahead must not append nodes: give it a scanner");
    const char* begin = in.current();
    TreeBuilder::State before = builder.state();
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
