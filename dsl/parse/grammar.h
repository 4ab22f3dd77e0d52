#pragma once

#include "dsl/parse/grammar_value.h"

/// Declarations and the file. Top of the grammar: `file`.
namespace carbon::grammar {

struct type_after_colon : peg::seq<need<Expected::type_colon, chr<':'>>, _, need_type> {};

struct platform : led<NodeKind::platform, keyword<"platform">, _, need_name, _, need_body> {};
struct schema_keyword : token<NodeKind::schema_keyword, scan_keyword<"schema">> {};
struct import
    : led<NodeKind::import, keyword<"import">, _, peg::opt<schema_keyword, _>, need<Expected::path, string>,
          peg::opt<_, keyword<"as">, _, need_name>, peg::opt<_, chr<':'>, _, need_type>> {};
struct let : led<NodeKind::let, keyword<"let">, _, need_name, _, open_type, need_equals, _, need_expr> {};

template <NodeKind K, Letters Keyword>
struct port : led<K, keyword<Keyword>, _, need_name, _, type_after_colon, peg::opt<_, equals_value>> {};
struct input : port<NodeKind::input, "input"> {};
struct output : port<NodeKind::output, "output"> {};

struct check
    : led<NodeKind::check, keyword<"check">, _, need_expr, _, need<Expected::else_message, else_clause>> {};

struct param : node<NodeKind::param, name_word, _, type_after_colon> {};
struct parameters
    : led<NodeKind::parameters, chr<'('>, ws,
          peg::opt<param,
                   peg::star<_, chr<','>, ws, peg::sor<peg::at<chr<')'>>, need<Expected::parameter, param>>>>,
          ws, need<Expected::close_arguments, chr<')'>>> {};
struct fn : led<NodeKind::fn, keyword<"fn">, _, need_name, _, need<Expected::parameters, parameters>, _,
                type_after_colon, _, need_equals, _, need_expr> {};

struct via_name : token<NodeKind::via_name, scan::name> {};
struct alias_rest : peg::seq<scanned<scan::equals>, _, need_type> {};
struct via_rest
    : peg::seq<keyword<"via">, is_a<NodeKind::type_via>, _, need<Expected::name, via_name>, _, need_body> {};
struct typedef_ : led<NodeKind::type_alias, keyword<"type">, _, need_name, _,
                      need<Expected::alias, peg::sor<alias_rest, via_rest>>> {};

template <NodeKind K, Letters Keyword>
struct instance : led<K, keyword<Keyword>, _, need_name, _, type_after_colon, peg::opt<_, each_clause>, cond,
                      _, need_body> {};
struct resource : instance<NodeKind::resource, "resource"> {};
struct lookup : instance<NodeKind::lookup, "lookup"> {};
struct use : instance<NodeKind::use, "use"> {};
struct provider : instance<NodeKind::provider, "provider"> {};
struct policy : instance<NodeKind::policy, "policy"> {};

struct environment : led<NodeKind::environment, keyword<"environment">, _, need_name, peg::opt<_, body>> {};
struct test : led<NodeKind::test, keyword<"test">, _, need<Expected::test_name, string>, _, need_body> {};
struct need_address : need<Expected::address, postfix> {};
struct moved : led<NodeKind::moved, keyword<"moved">, _, need_address, _,
                   need<Expected::arrow, peg::string<'-', '>'>>, _, need_address> {};
struct fate : peg::seq<peg::at<peg::sor<keyword<"keep">, keyword<"destroy">>>, word> {};
struct removed : led<NodeKind::removed, keyword<"removed">, _, need_address, _, need<Expected::fate, fate>> {
};

struct component;
struct declaration : peg::sor<resource, let, input, output, use, import, provider, component, typedef_, fn,
                              check, policy, lookup, environment, test, platform, moved, removed> {};
struct declaration_end : peg::at<_, peg::sor<chr<'#', '}'>, scanned<scan::newline>, peg::eof>> {};
struct whole_declaration : peg::try_catch_type<GiveUpItem, need<Expected::declaration, declaration>,
                                               need<Expected::declaration_end, declaration_end>> {
  static constexpr Shape shape = Shape::guard;
};
struct declaration_or_skipped : peg::sor<whole_declaration, skip<skip_declaration>> {};

struct component_body : led<NodeKind::component_body, chr<'{'>, ws,
                            peg::star<peg::not_at<chr<'}'>>, declaration_or_skipped, ws>,
                            need<Expected::close_curly, chr<'}'>>> {
  static constexpr bool deep = true;
};
struct component
    : led<NodeKind::component, keyword<"component">, _, need_name, _, need<Expected::body, component_body>> {
};

struct byte_order_mark : token<NodeKind::skipped, scan::byte_order_mark> {};
struct file : node<NodeKind::file, peg::opt<byte_order_mark>, lws,
                   peg::star<peg::not_at<peg::eof>, declaration_or_skipped, lws>> {};

}  // namespace carbon::grammar
