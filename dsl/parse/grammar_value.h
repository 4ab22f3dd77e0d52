#pragma once

#include "dsl/parse/tokens.h"

/// Expressions, types and bodies, which contain each other. The EBNF is docs/language.md's; rules stand in
/// its order. Every choice is decided by the first word or character, and what follows it is insisted on, so
/// nothing is read twice.
namespace carbon::grammar {

template <char... C>
using chr = peg::one<C...>;

struct word : token<NodeKind::word, scan::word> {};
struct name_word : token<NodeKind::word, scan::name> {};
using need_name = need<Expected::name, name_word>;

struct expr;
struct type;
struct body;
using need_expr = need<Expected::expression, expr>;
using need_bracketed = need<Expected::bracketed, expr>;
using need_type = need<Expected::type, type>;
using need_equals = need<Expected::equals, scanned<scan::equals>>;

// Strings

struct escape : token<NodeKind::escape, scan::escape> {};
struct string_text : token<NodeKind::string_text, scan::string_text> {};
struct multiline_text : token<NodeKind::string_text, scan::multiline_text> {};
struct interpolation : led<NodeKind::interpolation, peg::string<'$', '{'>, ws, need_bracketed, ws,
                           need<Expected::close_curly, chr<'}'>>> {};
struct string : led<NodeKind::string, chr<'"'>, peg::star<peg::sor<string_text, escape, interpolation>>,
                    need<Expected::close_quote, chr<'"'>>> {};
struct raw_string : led<NodeKind::raw_string, chr<'\''>, peg::opt<scanned<scan::raw_text>>,
                        need<Expected::close_raw, chr<'\''>>> {};
struct language_tag : token<NodeKind::language_tag, scan::letters> {};
using need_line_end = need<Expected::multiline_start, scanned<scan::newline>>;
struct multiline : led<NodeKind::multiline, peg::string<'"', '"', '"'>, peg::opt<language_tag>, need_line_end,
                       peg::star<peg::sor<multiline_text, escape, interpolation>>,
                       need<Expected::close_multiline, scanned<scan::multiline_close>>> {};
struct raw_multiline
    : led<NodeKind::raw_multiline, peg::string<'\'', '\'', '\''>, peg::opt<scanned<scan::letters>>,
          need_line_end, need<Expected::close_raw_multiline, scanned<scan::raw_multiline_rest>>> {};

// Repetition and condition

struct if_clause : led<NodeKind::if_clause, keyword<"if">, _, need_expr> {};
struct by_clause : led<NodeKind::by_clause, keyword<"by">, _, need_expr> {};
struct each_clause
    : led<NodeKind::each_clause, keyword<"for">, _, need_name, _, peg::opt<chr<','>, _, need_name, _>,
          need<Expected::loop_in, keyword<"in">>, _, need_expr, peg::opt<_, by_clause>> {};
struct cond : peg::opt<_, if_clause> {};
struct loop_head : peg::seq<each_clause, _, need<Expected::loop_colon, chr<':'>>, ws> {};

/// What stands between two items or elements: a comma, or the end of the line with its comment; and then any
/// number of line ends. Always consumes, and never fails behind a comment that it has appended.
struct separator : peg::seq<_, peg::sor<chr<','>, comment, scanned<scan::inner_newline>>, ws> {};
/// Behind `ws`: the file's end, or a line end that `ws` did not take because a declaration starts behind it.
struct stop : peg::at<peg::sor<peg::eof, scanned<scan::newline>>> {};

// Atoms

struct name : token<NodeKind::name, scan::name> {};
struct number : peg::seq<token<NodeKind::number, scan::number>,
                         need<Expected::number_end, peg::not_at<peg::identifier_other>>> {};
struct boolean : token<NodeKind::boolean, scan::boolean> {};
struct null_value : token<NodeKind::null_value, scan_keyword<"null">> {};
struct paren : led<NodeKind::paren, chr<'('>, ws, need_bracketed, ws, need<Expected::close_round, chr<')'>>> {
};
struct conditional : led<NodeKind::conditional, keyword<"if">, _, need_expr, _,
                         need<Expected::then_branch, keyword<"then">>, ws, need<Expected::branch, expr>, _,
                         need<Expected::else_branch, keyword<"else">>, ws, need<Expected::branch, expr>> {};

struct spread_element : led<NodeKind::spread_element, peg::string<'.', '.', '.'>, _, need_expr, cond> {};
struct element : peg::sor<spread_element, chain<NodeKind::element, expr, cond>> {};
struct list_loop : peg::seq<peg::at<keyword<"for">>, is_a<NodeKind::list_comprehension>, loop_head, need_expr,
                            cond, ws, need<Expected::close_index, chr<']'>>> {};
struct elements
    : peg::opt<element, peg::star<separator, peg::sor<peg::at<chr<']'>>, need<Expected::element, element>>>> {
};
struct list_rest : peg::seq<elements, _, need<Expected::close_square, chr<']'>>> {};
struct list : led<NodeKind::list, chr<'['>, ws, peg::sor<list_loop, list_rest>> {};

struct string_like : peg::sor<multiline, string, raw_multiline, raw_string> {};
struct atom : peg::sor<name, string_like, number, list, body, boolean, paren, conditional, null_value> {};

// Postfix parts: `[` and `(` must touch their operand

struct named_argument : peg::seq<scanned<scan::word>, _, scanned<scan::equals>> {};
struct argument
    : node<NodeKind::argument,
           peg::sor<peg::seq<peg::at<named_argument>, word, _, scanned<scan::equals>, _, need_expr>, expr>> {
};
struct arguments
    : peg::opt<argument,
               peg::star<_, chr<','>, ws, peg::sor<peg::at<chr<')'>>, need<Expected::argument, argument>>>> {
};
struct call : led<NodeKind::call, chr<'('>, ws, arguments, ws, need<Expected::close_arguments, chr<')'>>> {};
struct index : led<NodeKind::index, chr<'['>, ws, need_bracketed, ws, need<Expected::close_index, chr<']'>>> {
};
struct member : led<NodeKind::member, chr<'.'>, need<Expected::member, word>> {};
struct safe_member : led<NodeKind::safe_member, peg::string<'?', '.'>, need<Expected::member, word>> {};
struct postfix : chain<NodeKind::postfix, atom, peg::star<peg::sor<member, safe_member, index, call>>> {};

// Operators stay flat; dsl/syntax/precedence.h folds them

struct prefix_operator : token<NodeKind::prefix_operator, scan::prefix_operator> {};
struct binary_operator : token<NodeKind::binary_operator, scan::binary_operator> {};
struct unary : peg::sor<postfix, peg::seq<peg::plus<prefix_operator, _>, need<Expected::operand, postfix>>> {
};
struct expr
    : chain<NodeKind::operation, unary, peg::star<_, binary_operator, ws, need<Expected::operand, unary>>> {
  static constexpr bool deep = true;
};

// Items

using equals_value = peg::seq<scanned<scan::equals>, _, need_expr>;
struct open_type : peg::opt<chr<':'>, _, need_type, _> {};
struct field_rest : peg::seq<equals_value, cond> {};

struct facets
    : led<NodeKind::facets, chr<'('>, ws, arguments, ws, need<Expected::close_arguments, chr<')'>>> {};
struct field_word : node<NodeKind::field_word, name_word, peg::opt<facets>> {};
struct typed_rest : peg::seq<chr<':'>, is_a<NodeKind::typed_field>, _, need_type, peg::star<_, field_word>,
                             peg::opt<_, equals_value>> {};

struct for_clause : led<NodeKind::for_clause, keyword<"for">, _, need_expr> {};
struct when_clause : led<NodeKind::when_clause, keyword<"when">, _, need_expr> {};
struct else_clause : led<NodeKind::else_clause, keyword<"else">, ws, need<Expected::branch, expr>> {};
struct setting_rest
    : peg::seq<not_reserved, is_a<NodeKind::setting>, peg::star<_, expr>, peg::opt<_, for_clause>,
               peg::opt<_, by_clause>, peg::opt<_, when_clause>, peg::opt<_, else_clause>> {};

struct word_item
    : node<NodeKind::field, word, peg::sor<peg::seq<_, peg::sor<field_rest, typed_rest>>, setting_rest>> {};
struct item_let_ahead : peg::seq<keyword<"let">, peg::plus<peg::blank>, scanned<scan::word>> {};
struct item_let : led<NodeKind::item_let, peg::at<item_let_ahead>, keyword<"let">, _, need_name, _, open_type,
                      need_equals, _, need_expr> {};
struct keyed_rest : peg::seq<_, need<Expected::key_equals, scanned<scan::equals>>, _, need_expr, cond> {};
struct string_key : node<NodeKind::string_key_field, peg::sor<string, raw_string>, keyed_rest> {};
struct computed_key : led<NodeKind::computed_key_field, chr<'['>, _, need_expr, _,
                          need<Expected::key_close, chr<']'>>, keyed_rest> {};
struct open_fields
    : led<NodeKind::open_fields, chr<'*'>, _, need<Expected::type_colon, chr<':'>>, _, need_type> {};
struct spread : led<NodeKind::spread, peg::string<'.', '.', '.'>, _, need_expr, cond> {};
struct item : peg::sor<item_let, word_item, string_key, spread, computed_key, open_fields> {};

struct item_end : peg::at<_, peg::sor<chr<'#', ',', '}'>, scanned<scan::newline>, peg::eof>> {};
struct whole_item
    : peg::try_catch_type<GiveUpItem, need<Expected::item, item>, need<Expected::item_end, item_end>> {
  static constexpr Shape shape = Shape::guard;
};
struct item_or_skipped : peg::sor<whole_item, skip<skip_item>> {};
struct items : peg::opt<peg::not_at<chr<'}'>>, peg::not_at<stop>, item_or_skipped,
                        peg::star<separator, peg::sor<peg::at<chr<'}'>>, stop, item_or_skipped>>> {};

struct loop_ahead : peg::seq<keyword<"for">, peg::plus<peg::blank>, scanned<scan::word>> {};
struct comprehension_field : led<NodeKind::comprehension_field, peg::at<loop_ahead>, loop_head,
                                 need<Expected::comprehension_key, chr<'['>>, _, need_expr, _,
                                 need<Expected::key_close, chr<']'>>, keyed_rest> {};
template <NodeKind K>
struct braces : led<K, chr<'{'>, ws, peg::sor<peg::seq<comprehension_field, ws>, items>, _,
                    need<Expected::close_curly, chr<'}'>>> {};
struct body : braces<NodeKind::body> {};
using need_body = need<Expected::body, body>;

// Types

struct type_arguments : led<NodeKind::type_arguments, chr<'<'>, _, need_type,
                            peg::star<_, chr<','>, _, need_type>, _, need<Expected::close_angle, chr<'>'>>> {
};
struct path_type
    : node<NodeKind::path_type, name_word, peg::star<chr<'.'>, need<Expected::member, name_word>>,
           peg::opt<_, type_arguments>, peg::opt<facets>> {};
struct record_type : braces<NodeKind::record_type> {};
struct literal_type : node<NodeKind::literal_type, string> {};
struct optional_type : peg::seq<peg::sor<path_type, literal_type, record_type>, peg::opt<chr<'?'>>> {
  static constexpr Shape shape = Shape::optional;
  static constexpr NodeKind kind = NodeKind::optional_type;
};
struct type : chain<NodeKind::union_type, optional_type,
                    peg::star<_, chr<'|'>, ws, need<Expected::type, optional_type>>> {
  static constexpr bool deep = true;
};

}  // namespace carbon::grammar
