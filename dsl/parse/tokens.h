#pragma once

#include <algorithm>
#include <cstring>
#include <string_view>

#include "dsl/parse/scan.h"
#include "dsl/parse/shape.h"
#include "dsl/parse/skip.h"

/// The tokens of the grammar: scanners as PEGTL rules, blanks and comments.
namespace carbon::grammar {

/// Anything that a scanner takes; fails when it takes nothing.
template <auto Scan>
struct scanned {
  using rule_t = scanned;
  using subs_t = peg::empty_list;

  template <class Input>
  [[nodiscard]] static bool match(Input& in) {
    std::size_t size = Scan(in.current(), in.end());
    in.bump(size);
    return size != 0;
  }
};

/// A scanner's text as a leaf node.
template <NodeKind K, auto Scan>
struct token {
  using rule_t = token;
  using subs_t = peg::empty_list;

  template <peg::apply_mode A, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input& in, Builder& builder) {
    static_assert(A == peg::apply_mode::action, "look-ahead must not append nodes");
    const char* begin = in.current();
    std::size_t size = Scan(begin, in.end());
    if (size == 0) return false;
    in.bump(size);
    builder.leaf(K, begin, in.current());
    return true;
  }
};

/// The text of a keyword, for use as a template argument.
template <std::size_t N>
struct Letters {
  // NOLINTNEXTLINE(google-explicit-constructor): a literal must convert
  consteval Letters(const char (&text)[N]) { std::copy_n(text, N, characters); }
  static constexpr std::size_t size = N - 1;
  char characters[N];
};

template <Letters Text>
std::size_t scan_keyword(const char* at, const char* end) {
  constexpr std::size_t size = Text.size;
  if (static_cast<std::size_t>(end - at) < size || std::memcmp(at, Text.characters, size) != 0) return 0;
  return at + size != end && scan::continues_word(at[size]) ? 0 : size;
}
template <Letters Text>
struct keyword : scanned<scan_keyword<Text>> {};

/// Blanks within a line.
struct blanks {
  using rule_t = blanks;
  using subs_t = peg::empty_list;

  template <class Input>
  [[nodiscard]] static bool match(Input& in) {
    in.bump(scan::blanks(in.current(), in.end()));
    return true;
  }
};
using _ = blanks;

/// A comment as a leaf node; appends, so what follows it must not be abandoned.
struct comment {
  using rule_t = comment;
  using subs_t = peg::empty_list;

  template <peg::apply_mode A, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input& in, Builder& builder) {
    static_assert(A == peg::apply_mode::action, "look-ahead must not append nodes");
    const char* begin = in.current();
    std::size_t size = scan::comment(begin, in.end());
    if (size == 0) return false;
    // `##` is a doc, but `###` and more are rulers.
    bool is_doc = size >= 2 && begin[1] == '#' && (size == 2 || begin[2] != '#');
    in.bump(size);
    builder.leaf(is_doc ? NodeKind::doc_comment : NodeKind::comment, begin, in.current());
    return true;
  }
};

/// Blanks, comments and line ends: all of these, or only up to a declaration keyword in column 0.
using ws = peg::star<peg::sor<scanned<scan::blanks>, comment, scanned<scan::inner_newline>>>;
using lws = peg::star<peg::sor<scanned<scan::blanks>, comment, scanned<scan::newline>>>;

/// Says what the innermost open node is; matches nothing and always succeeds.
template <NodeKind K>
struct is_a {
  using rule_t = is_a;
  using subs_t = peg::empty_list;

  template <peg::apply_mode, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input&, Builder& builder) {
    builder.retag(K);
    return true;
  }
};

/// The word just read must be a name.
struct not_reserved {
  using rule_t = not_reserved;
  using subs_t = peg::empty_list;

  template <peg::apply_mode, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input&, Builder& builder) {
    if (scan::is_reserved(builder.last_text())) builder.raise_at_last(Expected::name);
    return true;
  }
};

/// Text that could not be read, as one node.
template <auto Skip>
struct skip {
  using rule_t = skip;
  using subs_t = peg::empty_list;

  template <peg::apply_mode, peg::rewind_mode, template <class...> class, template <class...> class,
            class Input, class Builder>
  [[nodiscard]] static bool match(Input& in, Builder& builder) {
    const char* begin = in.current();
    const char* stop = builder.stopped_at();
    Skipped skipped{stop != nullptr ? static_cast<std::size_t>(stop - begin) : 0};
    if (stop == nullptr) skipped = Skip(begin, in.end(), builder.awaited());
    if (skipped.size == 0) return false;
    if (skipped.unbalanced) builder.lost_balance(begin);
    in.bump(skipped.size);
    builder.leaf(NodeKind::skipped, begin, in.current());
    return true;
  }
};

}  // namespace carbon::grammar

namespace tao::pegtl {

template <class Name, auto Scan>
struct analyze_traits<Name, carbon::grammar::scanned<Scan>> : analyze_any_traits<> {};
template <class Name, carbon::NodeKind K, auto Scan>
struct analyze_traits<Name, carbon::grammar::token<K, Scan>> : analyze_any_traits<> {};
template <class Name>
struct analyze_traits<Name, carbon::grammar::blanks> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, carbon::grammar::comment> : analyze_any_traits<> {};
template <class Name, carbon::NodeKind K>
struct analyze_traits<Name, carbon::grammar::is_a<K>> : analyze_opt_traits<> {};
template <class Name>
struct analyze_traits<Name, carbon::grammar::not_reserved> : analyze_opt_traits<> {};
template <class Name, auto Skip>
struct analyze_traits<Name, carbon::grammar::skip<Skip>> : analyze_any_traits<> {};

}  // namespace tao::pegtl
