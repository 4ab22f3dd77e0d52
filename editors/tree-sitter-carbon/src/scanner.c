/* What of carbon's tokens needs more than a regular expression. The counterpart of dsl/parse/scan.cpp; keeps
 * no state between tokens. */
#include "tree_sitter/parser.h"

#include <string.h>

/* In the order of grammar.js. */
enum Token {
  NEWLINE,
  DECLARATION_NEWLINE,
  NAME,
  TOUCHING_NAME,
  ITEM_LET,
  NOT_IN,
  NUMBER,
  RAW_STRING,
  STRING_START,
  STRING_TEXT,
  MULTILINE_START,
  RAW_MULTILINE_START,
  LANGUAGE_TAG,
  TEXT_START,
  MULTILINE_TEXT,
  MULTILINE_CLOSE,
  RAW_TEXT,
  RAW_MULTILINE_CLOSE,
  ERROR
};

enum { longest_keyword = 11 };

static const char* const reserved[] = {"true", "false", "null", "and", "or", "not", "in",
                                       "if",   "then",  "else", "for", "by", "when"};
static const char* const declaration_keywords[] = {
    "platform", "import", "let",      "input",  "output",    "check",       "fn",   "type",  "resource",
    "lookup",   "use",    "provider", "policy", "component", "environment", "test", "moved", "removed"};

#define IS_ONE_OF(words, word) is_one_of(words, sizeof words / sizeof words[0], word)

static bool is_one_of(const char* const* words, size_t size, const char* word) {
  for (size_t i = 0; i < size; ++i) {
    if (strcmp(words[i], word) == 0) return true;
  }
  return false;
}

static bool is_blank(int32_t c) { return c == ' ' || c == '\t'; }
static bool is_digit(int32_t c) { return c >= '0' && c <= '9'; }
static bool is_letter(int32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
static bool starts_word(int32_t c) { return is_letter(c) || c == '_'; }
static bool continues_word(int32_t c) { return starts_word(c) || is_digit(c); }

static void advance(TSLexer* lexer) { lexer->advance(lexer, false); }

static bool found(TSLexer* lexer, enum Token token) {
  lexer->result_symbol = token;
  return true;
}

/* A token that ends here; what is looked at behind it does not belong to it. */
static bool found_here(TSLexer* lexer, enum Token token) {
  lexer->mark_end(lexer);
  return found(lexer, token);
}

static bool take(TSLexer* lexer, int32_t c) {
  if (lexer->lookahead != c) return false;
  advance(lexer);
  return true;
}

static bool take_newline(TSLexer* lexer) {
  take(lexer, '\r');
  return take(lexer, '\n');
}

static void take_letters(TSLexer* lexer) {
  while (is_letter(lexer->lookahead)) advance(lexer);
}

/* Takes a word; keeps of it what is enough to tell keywords. */
static void take_word(TSLexer* lexer, char word[longest_keyword + 2]) {
  size_t size = 0;
  for (; continues_word(lexer->lookahead); advance(lexer)) {
    if (size <= longest_keyword) word[size++] = (char)lexer->lookahead;
  }
  word[size] = '\0';
}

static bool scan_newline(TSLexer* lexer, const bool* valid) {
  char word[longest_keyword + 2];
  if (!take_newline(lexer)) return false;
  lexer->mark_end(lexer);
  take_word(lexer, word);
  enum Token token = IS_ONE_OF(declaration_keywords, word) ? DECLARATION_NEWLINE : NEWLINE;
  return valid[token] && found(lexer, token);
}

/* `let` or `not` has been taken: whether blanks and then a word follow. */
static bool scan_second_word(TSLexer* lexer, char word[longest_keyword + 2]) {
  lexer->mark_end(lexer);
  if (!is_blank(lexer->lookahead)) return false;
  while (is_blank(lexer->lookahead)) advance(lexer);
  if (!starts_word(lexer->lookahead)) return false;
  take_word(lexer, word);
  return true;
}

static bool scan_word(TSLexer* lexer, const bool* valid, enum Token name) {
  char word[longest_keyword + 2];
  take_word(lexer, word);
  if (valid[NOT_IN] && strcmp(word, "not") == 0) {
    return scan_second_word(lexer, word) && strcmp(word, "in") == 0 && found_here(lexer, NOT_IN);
  }
  if (IS_ONE_OF(reserved, word)) return false;
  if (name == NAME && valid[ITEM_LET] && strcmp(word, "let") == 0) {
    return found(lexer, scan_second_word(lexer, word) ? ITEM_LET : NAME);
  }
  return valid[name] && found_here(lexer, name);
}

static void take_digits(TSLexer* lexer) {
  while (is_digit(lexer->lookahead) || lexer->lookahead == '_') advance(lexer);
}

/* `50Gi`, `1h30m`, `1_000.5`; a letter, digit or `_` that is left over makes it no number at all. */
static bool scan_number(TSLexer* lexer) {
  take_digits(lexer);
  lexer->mark_end(lexer);
  if (take(lexer, '.')) {
    if (!is_digit(lexer->lookahead)) return found(lexer, NUMBER);
    take_digits(lexer);
  }
  bool unit = is_letter(lexer->lookahead);
  take_letters(lexer);
  while (unit && is_digit(lexer->lookahead)) {
    take_digits(lexer);
    unit = is_letter(lexer->lookahead);
    if (!unit) return false;
    take_letters(lexer);
  }
  return !continues_word(lexer->lookahead) && found_here(lexer, NUMBER);
}

/* One quote, or three of them with a line end or a word and a line end behind them. */
static bool scan_quote(TSLexer* lexer, const bool* valid) {
  int32_t quote = lexer->lookahead;
  enum Token multiline = quote == '"' ? MULTILINE_START : RAW_MULTILINE_START;
  advance(lexer);
  lexer->mark_end(lexer);
  bool empty = take(lexer, quote);
  if (empty && take(lexer, quote)) {
    lexer->mark_end(lexer);
    take_letters(lexer);
    return valid[multiline] && take_newline(lexer) && found(lexer, multiline);
  }
  if (quote == '"') return valid[STRING_START] && found(lexer, STRING_START);
  if (!valid[RAW_STRING]) return false;
  if (empty) return found_here(lexer, RAW_STRING);
  while (lexer->lookahead != '\'' && lexer->lookahead != '\n' && !lexer->eof(lexer)) advance(lexer);
  return take(lexer, '\'') && found_here(lexer, RAW_STRING);
}

/* Up to a quote, a backslash, `${` or the line end. */
static bool scan_string_text(TSLexer* lexer) {
  bool any = false;
  for (; !lexer->eof(lexer); any = true) {
    lexer->mark_end(lexer);
    if (lexer->lookahead == '"' || lexer->lookahead == '\\' || lexer->lookahead == '\n') break;
    if (take(lexer, '$')) {
      if (lexer->lookahead == '{') break;
      lexer->mark_end(lexer);
    } else {
      advance(lexer);
      lexer->mark_end(lexer);
    }
  }
  return any && found(lexer, STRING_TEXT);
}

/* At a line's start: the closing quotes with their indent. Blanks that are none of it are taken: they are
 * text. */
static bool take_closing(TSLexer* lexer, int32_t quote, bool* blanks) {
  for (; is_blank(lexer->lookahead); *blanks = true) advance(lexer);
  int quotes = 0;
  while (quotes < 3 && take(lexer, quote)) ++quotes;
  if (quotes > 0) *blanks = true;
  return quotes == 3;
}

/* Text up to the line of the closing quotes, or with `cooked` to a backslash or `${`; or these quotes. */
static bool scan_lines(TSLexer* lexer, int32_t quote, bool cooked, enum Token text, enum Token close) {
  bool any = false;
  bool line_start = lexer->get_column(lexer) == 0;
  lexer->mark_end(lexer);
  while (!lexer->eof(lexer)) {
    if (line_start) {
      bool more = false;
      if (take_closing(lexer, quote, &more)) return any ? found(lexer, text) : found_here(lexer, close);
      any = any || more;
      line_start = false;
      lexer->mark_end(lexer);
      continue;
    }
    if (cooked && lexer->lookahead == '\\') break;
    line_start = lexer->lookahead == '\n';
    bool dollar = lexer->lookahead == '$';
    advance(lexer);
    if (cooked && dollar && lexer->lookahead == '{') return any && found(lexer, text);
    any = true;
    lexer->mark_end(lexer);
  }
  return any && found(lexer, text);
}

static bool scan_text_start(TSLexer* lexer, const bool* valid) {
  if (valid[LANGUAGE_TAG] && is_letter(lexer->lookahead)) {
    take_letters(lexer);
    return found_here(lexer, LANGUAGE_TAG);
  }
  return valid[TEXT_START] && take_newline(lexer) && found_here(lexer, TEXT_START);
}

/* Tokens before which blanks may stand. */
static bool scan_loose(TSLexer* lexer, const bool* valid) {
  while (is_blank(lexer->lookahead)) lexer->advance(lexer, true);
  int32_t c = lexer->lookahead;
  if (c == '\n' || c == '\r') return scan_newline(lexer, valid);
  if (c == '"' || c == '\'') return scan_quote(lexer, valid);
  if (is_digit(c)) return valid[NUMBER] && scan_number(lexer);
  return starts_word(c) && scan_word(lexer, valid, NAME);
}

bool tree_sitter_carbon_external_scanner_scan(void* payload, TSLexer* lexer, const bool* valid) {
  (void)payload;
  /* After an error every token is valid; text between quotes would then be found anywhere. */
  if (valid[ERROR]) return scan_loose(lexer, valid);
  if (valid[STRING_TEXT]) return scan_string_text(lexer);
  if (valid[MULTILINE_CLOSE]) return scan_lines(lexer, '"', true, MULTILINE_TEXT, MULTILINE_CLOSE);
  if (valid[RAW_MULTILINE_CLOSE]) return scan_lines(lexer, '\'', false, RAW_TEXT, RAW_MULTILINE_CLOSE);
  if (valid[TEXT_START]) return scan_text_start(lexer, valid);
  if (valid[TOUCHING_NAME]) return starts_word(lexer->lookahead) && scan_word(lexer, valid, TOUCHING_NAME);
  return scan_loose(lexer, valid);
}

void* tree_sitter_carbon_external_scanner_create(void) { return NULL; }
void tree_sitter_carbon_external_scanner_destroy(void* payload) { (void)payload; }
unsigned tree_sitter_carbon_external_scanner_serialize(void* payload, char* buffer) {
  (void)payload;
  (void)buffer;
  return 0;
}
void tree_sitter_carbon_external_scanner_deserialize(void* payload, const char* buffer, unsigned length) {
  (void)payload;
  (void)buffer;
  (void)length;
}
