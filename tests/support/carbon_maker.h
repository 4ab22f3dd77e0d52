#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carbon::testing {

/// Writes the grammar of dsl/parse/grammar.h backwards: what that reads, this makes. Used once; the choices
/// are its caller's.
class CarbonMaker {
 public:
  explicit CarbonMaker(const std::vector<std::uint8_t>& choices) : choices_(choices) {}

  [[nodiscard]] std::string file();

 private:
  using Make = void (CarbonMaker::*)();

  std::size_t below(std::size_t limit) { return at_ < choices_.size() ? choices_[at_++] % limit : 0; }
  bool maybe() { return below(2) == 1; }
  void one_of(std::initializer_list<Make> makes) { (this->*makes.begin()[below(makes.size())])(); }
  void pick(std::initializer_list<std::string_view> texts) { out_ += texts.begin()[below(texts.size())]; }
  bool deep() const { return depth_ > 4 || out_.size() > 20'000; }

  // White space

  void gap();
  void blank();
  void comment();
  /// A line end with what may stand around it; the next line is never in column 0.
  void line_end();
  void ws();
  void separator();
  void between_declarations();
  void end_declaration();

  // Words and strings

  void name();
  void word();
  void number();
  void interpolation();
  void string();
  void raw_string();
  void text_lines(bool cooked);
  void multiline();
  void raw_multiline();

  // Expressions

  void nested(Make make);
  void expression();
  void atom();
  void constant();
  void paren();
  void operand();
  void operation();
  void comparison();
  void conditional();
  void postfix();
  void member();
  void safe_member();
  void index();
  void argument();
  void comma_separated(Make make);
  void call();
  void condition();
  void element();
  void separated(Make make, std::size_t count);
  void list();
  void each();
  void list_loop();
  void value();
  void braces(Make make, std::size_t count);
  void record();
  void record_loop();

  // Items

  void field();
  void item_let();
  void setting();
  void item();
  void body();
  void typed_field();
  void type_body();

  // Types

  void typed();
  void type();
  void type_part();
  void string_constant();
  void plain_typed_field();
  void type_body_plain();

  // Declarations

  void declaration();
  void let();
  void port();
  void import();
  void resource();
  void component();
  void typedef_();
  void via();
  void parameter();
  void function();
  void check();
  void environment();
  void test();
  void platform();
  void moved();

  const std::vector<std::uint8_t>& choices_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  std::size_t inside_component_ = 0;
  std::string out_;
};

}  // namespace carbon::testing
