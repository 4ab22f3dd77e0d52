/**
 * The language of carbon for tree-sitter, from the same EBNF as dsl/parse/grammar.h and with its names for nodes
 * (dsl/syntax/node_kinds.def). tests/editors compares the trees of both over every .carbon file of the repository.
 *
 * What depends on more than the next character is in src/scanner.c: names that are not reserved, line ends before
 * a declaration, text between quotes, numbers.
 */

/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// Tighter than the end of what is open: a setting's arguments and the branches of an `if` take all they can.
const LEVELS = ['or', 'and', 'not', 'compare', 'coalesce', 'add', 'multiply', 'negate', 'postfix'];
const level = name => 1 + LEVELS.indexOf(name);

/** Line ends that say nothing. */
const ws = $ => repeat($._newline);
const separator = $ => seq(choice(',', $._newline), ws($));
const name = $ => alias($._name, $.word);
const named = $ => field('name', name($));
const typed = $ => seq(':', field('type', $._type));
const valued = $ => seq('=', field('value', $._expression));
const cond = $ => optional($.if_clause);
const operators = ($, words) => choice(...words.map(word => alias(word, $.binary_operator)));

/** `X`, or two of its kind with an operator of this level between them. */
const binary = ($, place, left, words, right) =>
  prec.left(level(place), seq(left, field('operator', operators($, words)), ws($), right));

/** Elements in round brackets: line ends may stand behind the opening bracket and commas, and before the end. */
const arguments_of = ($, open, element) => seq(
  open, ws($), optional(seq(element, repeat(seq(',', ws($), element)), optional(','), ws($))), ')');

const braces = $ => seq(
  '{', ws($),
  choice(
    seq($.comprehension_field, ws($)),
    optional(seq($._item, repeat(seq(separator($), $._item)), optional(separator($)))),
  ),
  '}');

const declarations = ($, line_end) => seq($._declaration, repeat(seq(repeat1(line_end), $._declaration)));

const instance = ($, keyword) => seq(
  keyword, named($), typed($), optional($.each_clause), cond($), field('body', $.body));

module.exports = grammar({
  name: 'carbon',

  externals: $ => [
    $._newline, // not before a declaration in column 0
    $._declaration_newline,
    $._name, // a word that is not reserved
    $._touching_name,
    $._item_let, // `let` where a name follows
    $._not_in,
    $.number,
    $.raw_string,
    $._string_start,
    $.string_text,
    $._multiline_start,
    $._raw_multiline_start,
    $.language_tag,
    $._text_start, // the line end behind the opening quotes
    $._multiline_text,
    $._multiline_close,
    $.raw_text,
    $._raw_multiline_close,
    $._error,
  ],
  extras: $ => [/[ \t]/, $.doc_comment, $.comment],
  word: $ => $._any_word,
  supertypes: $ => [$._declaration, $._item, $._type],
  inline: $ => [$._atom],

  rules: {
    file: $ => seq(
      repeat($._line_end), optional(seq(declarations($, $._line_end), repeat($._line_end)))),

    _line_end: $ => choice($._newline, $._declaration_newline),
    // `###` and more are rulers. The first of two matches of one length wins.
    doc_comment: _ => /##([^#\r\n]([^\r\n]|\r+[^\r\n])*)?/,
    comment: _ => /#([^\r\n]|\r+[^\r\n])*/,
    _any_word: _ => /[A-Za-z_][A-Za-z0-9_]*/,

    // Declarations

    _declaration: $ => choice(
      $.platform, $.import, $.let, $.input, $.output, $.check, $.fn, $.type_alias, $.type_via, $.resource, $.lookup,
      $.use, $.provider, $.policy, $.component, $.environment, $.test, $.moved, $.removed),

    platform: $ => seq('platform', named($), field('body', $.body)),
    import: $ => seq(
      'import', optional(alias('schema', $.schema_keyword)), field('path', $.string),
      optional(seq('as', named($))), optional(typed($))),
    let: $ => seq('let', named($), optional(typed($)), valued($)),
    input: $ => seq('input', named($), typed($), optional(valued($))),
    output: $ => seq('output', named($), typed($), optional(valued($))),
    check: $ => seq('check', field('condition', $._expression), $.else_clause),
    fn: $ => seq('fn', named($), $.parameters, typed($), valued($)),
    parameters: $ => arguments_of($, '(', $.param),
    param: $ => seq(named($), typed($)),
    type_alias: $ => seq('type', named($), '=', field('type', $._type)),
    type_via: $ => seq('type', named($), 'via', alias($._name, $.via_name), field('body', $.body)),
    resource: $ => instance($, 'resource'),
    lookup: $ => instance($, 'lookup'),
    use: $ => instance($, 'use'),
    provider: $ => instance($, 'provider'),
    policy: $ => instance($, 'policy'),
    component: $ => seq('component', named($), field('body', $.component_body)),
    component_body: $ => seq(
      '{', ws($), optional(seq(declarations($, $._newline), ws($))), '}'),
    environment: $ => seq('environment', named($), optional(field('body', $.body))),
    test: $ => seq('test', field('name', $.string), field('body', $.body)),
    moved: $ => seq('moved', field('from', $._postfix), '->', field('to', $._postfix)),
    removed: $ => seq('removed', field('address', $._postfix), choice(alias('keep', $.word), alias('destroy', $.word))),

    each_clause: $ => seq(
      'for', name($), optional(seq(',', name($))), 'in', field('collection', $._expression), optional($.by_clause)),
    if_clause: $ => seq('if', $._expression),
    by_clause: $ => seq('by', $._expression),
    for_clause: $ => seq('for', $._expression),
    when_clause: $ => seq('when', $._expression),
    else_clause: $ => seq('else', ws($), $._expression),

    // Items of a body

    body: $ => braces($),
    record_type: $ => braces($),

    _item: $ => choice(
      $.field, $.string_key_field, $.computed_key_field, $.spread, $.open_fields, $.item_let, $.typed_field, $.setting),

    // Reserved words are keys like any other.
    _key: $ => field('key', choice(alias($._name, $.word), alias($._any_word, $.word), alias('for', $.word))),
    field: $ => seq($._key, valued($), cond($)),
    typed_field: $ => seq($._key, typed($), repeat($.field_word), optional(valued($))),
    field_word: $ => seq(name($), optional($.facets)),
    string_key_field: $ => seq(field('key', choice($.string, $.raw_string)), valued($), cond($)),
    computed_key_field: $ => seq('[', field('key', $._expression), ']', valued($), cond($)),
    comprehension_field: $ => seq(
      $.each_clause, ':', ws($), '[', field('key', $._expression), ']', valued($), cond($)),
    spread: $ => seq('...', $._expression, cond($)),
    open_fields: $ => seq('*', typed($)),
    item_let: $ => seq(alias($._item_let, 'let'), named($), optional(typed($)), valued($)),
    setting: $ => seq(
      field('setting', name($)), repeat($._expression), optional($.for_clause), optional($.by_clause),
      optional($.when_clause), optional($.else_clause)),

    // Expressions: a rule for each row of the table of operators, so that `1 < 2 < 3` and `1 + not a` are errors

    _expression: $ => $._or,
    _or: $ => choice(alias($._or_operation, $.operation), $._and),
    _or_operation: $ => binary($, 'or', $._or, ['or'], $._and),
    _and: $ => choice(alias($._and_operation, $.operation), $._not),
    _and_operation: $ => binary($, 'and', $._and, ['and'], $._not),
    _not: $ => choice(alias($._not_operation, $.operation), $._compare),
    _not_operation: $ => prec(level('not'), seq(alias('not', $.prefix_operator), $._not)),
    _compare: $ => choice(alias($._comparison, $.operation), $._coalesce),
    _comparison: $ => binary(
      $, 'compare', $._coalesce, ['==', '!=', '<', '<=', '>', '>=', 'in', $._not_in], $._coalesce),
    _coalesce: $ => choice(alias($._coalesce_operation, $.operation), $._add),
    _coalesce_operation: $ => binary($, 'coalesce', $._coalesce, ['??'], $._add),
    _add: $ => choice(alias($._add_operation, $.operation), $._multiply),
    _add_operation: $ => binary($, 'add', $._add, ['+', '-'], $._multiply),
    _multiply: $ => choice(alias($._multiply_operation, $.operation), $._unary),
    _multiply_operation: $ => binary($, 'multiply', $._multiply, ['*', '/', '%'], $._unary),
    _unary: $ => choice(alias($._negation, $.operation), $._postfix),
    _negation: $ => prec(level('negate'), seq(alias('-', $.prefix_operator), $._unary)),

    _postfix: $ => choice($.postfix, prec(-1, $._atom)),
    // `.`, `[` and `(` touch what stands before them, and belong to the last word of `if a then b else c.d.e`.
    postfix: $ => prec.right(seq(
      $._atom, repeat1(choice($.member, $.safe_member, $.index, $.call)))),
    member: $ => seq(token.immediate('.'), $._member_name),
    safe_member: $ => seq(token.immediate('?.'), $._member_name),
    _member_name: $ => alias(token.immediate(/[A-Za-z_][A-Za-z0-9_]*/), $.word),
    index: $ => seq(token.immediate(prec(1, '[')), ws($), $._expression, ws($), ']'),
    call: $ => arguments_of($, token.immediate(prec(1, '(')), $.argument),
    argument: $ => seq(
      optional(seq(
        field('name', choice(
          alias($._name, $.word), alias($._any_word, $.word),
          ...['true', 'false', 'null', 'not', 'if'].map(word => alias(word, $.word)))),
        '=')),
      field('value', $._expression)),

    _atom: $ => choice(
      alias($._name, $.name), $.number, $.multiline, $.string, $.raw_multiline, $.raw_string, $.list,
      $.list_comprehension, $.body, $.paren, $.conditional, $.boolean, $.null_value),

    boolean: _ => choice('true', 'false'),
    null_value: _ => 'null',
    paren: $ => seq('(', ws($), $._expression, ws($), ')'),
    conditional: $ => seq(
      'if', field('condition', $._expression), 'then', ws($), field('then', $._expression),
      'else', ws($), field('else', $._expression)),
    list: $ => seq(
      '[', ws($), optional(seq($._element, repeat(seq(separator($), $._element)), optional(separator($)))), ']'),
    list_comprehension: $ => seq(
      '[', ws($), $.each_clause, ':', ws($), field('value', $._expression), cond($), ws($), ']'),
    _element: $ => choice($._expression, $.element, $.spread_element),
    element: $ => seq($._expression, $.if_clause),
    spread_element: $ => seq('...', $._expression, cond($)),

    string: $ => seq(
      alias($._string_start, '"'), repeat(choice($.string_text, $.escape, $.interpolation)), token.immediate('"')),
    multiline: $ => seq(
      alias($._multiline_start, '"""'), optional($.language_tag), $._text_start,
      repeat(choice(alias($._multiline_text, $.string_text), $.escape, $.interpolation)),
      alias($._multiline_close, '"""')),
    raw_multiline: $ => seq(
      alias($._raw_multiline_start, '\'\'\''), optional($.language_tag), $._text_start, optional($.raw_text),
      alias($._raw_multiline_close, '\'\'\'')),
    // A code point: not above 10FFFF, and no surrogate.
    escape: _ => token.immediate(seq('\\', choice(
      /[ntr"\\$]/,
      /u\{0*([0-9a-fA-F]{1,3}|[0-9a-cA-CefEF][0-9a-fA-F]{3}|[dD][0-7][0-9a-fA-F]{2}|(10|[1-9a-fA-F])[0-9a-fA-F]{4})\}/,
    ))),
    interpolation: $ => seq(token.immediate('${'), ws($), $._expression, ws($), '}'),

    // Types

    _type: $ => choice($.union_type, $._optional_type),
    union_type: $ => seq($._optional_type, repeat1(seq('|', ws($), $._optional_type))),
    _optional_type: $ => choice($.optional_type, $._single_type),
    optional_type: $ => seq($._single_type, token.immediate('?')),
    _single_type: $ => choice($.path_type, $.literal_type, $.record_type),
    path_type: $ => seq(
      name($), repeat(seq(token.immediate('.'), alias($._touching_name, $.word))), optional($.type_arguments),
      optional($.facets)),
    type_arguments: $ => seq('<', $._type, repeat(seq(',', $._type)), '>'),
    facets: $ => arguments_of($, token.immediate('('), $.argument),
    literal_type: $ => $.string,
  },
});
