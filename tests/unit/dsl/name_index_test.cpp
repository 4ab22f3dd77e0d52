#include "dsl/check/name_index.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "dsl/check/check.h"
#include "dsl/parse/parse.h"
#include "engine/expr/function.h"
#include "engine/model/resource_type.h"

using carbon::NameIndex;
using carbon::SourceSpan;

namespace {

/// A root package of one file, checked with an index. `|` in the text is where it watches.
class Indexed {
 public:
  explicit Indexed(std::string text, bool focused = false) {
    std::size_t cursor = text.find('|');
    if (cursor != std::string::npos) text.erase(cursor, 1);
    std::uint32_t file = sources_.add("test.carbon", std::move(text));
    trees_.push_back(carbon::parse(sources_, file, sink_));
    packages_[""].push_back(&trees_.back());
    add_operators(functions_);
    carbon::CheckInput input{sources_, packages_, data_, types_, functions_, &index_};
    if (cursor != std::string::npos) {
      auto offset = static_cast<std::uint32_t>(cursor + 1);
      index_.watch(offset);
      if (focused) input.focus = {offset, offset};
    }
    program_.emplace(carbon::check(input, sink_));
  }
  Indexed(const Indexed&) = delete;
  Indexed& operator=(const Indexed&) = delete;

  [[nodiscard]] const NameIndex& index() const { return index_; }
  [[nodiscard]] const carbon::DiagnosticSink& sink() const { return sink_; }
  [[nodiscard]] std::string_view text(SourceSpan span) const { return sources_.text(span); }
  /// The n-th place of a word, from 0.
  [[nodiscard]] std::uint32_t at(std::string_view word, int n = 0) const {
    std::size_t found = sources_.file(0).text.find(word);
    while (n-- > 0) found = sources_.file(0).text.find(word, found + 1);
    REQUIRE(found != std::string::npos);
    return static_cast<std::uint32_t>(found + 1);
  }
  [[nodiscard]] std::vector<std::string> visible() const {
    std::vector<std::string> names;
    for (const carbon::VisibleName& each : index_.cursor().names) names.push_back(each.name);
    std::sort(names.begin(), names.end());
    return names;
  }

 private:
  carbon::SourceMap sources_;
  carbon::DiagnosticSink sink_;
  std::deque<carbon::SyntaxTree> trees_;
  carbon::PackageTrees packages_;
  carbon::ImportedData data_;
  carbon::ResourceTypes types_;
  carbon::FunctionTable functions_;
  NameIndex index_;
  std::optional<carbon::Program> program_;
};

}  // namespace

TEST_CASE("a name leads to its declaration, and the declaration to its uses") {
  Indexed checked("let one = 1\nlet two = one + one\ninput one_more : int = one\n");
  REQUIRE_FALSE(checked.sink().has_errors());
  const carbon::NameUse* use = checked.index().name_at(checked.at("one", 2));
  REQUIRE(use != nullptr);
  CHECK(use->target.begin == checked.at("one"));
  REQUIRE(use->type != nullptr);
  CHECK(use->type->kind == carbon::TypeKind::integer);
  CHECK(checked.index().places_of(use->target).size() == 4);
  CHECK(checked.index().name_at(checked.at("= 1")) == nullptr);
  // The place behind the last letter is still the name's.
  CHECK(checked.index().name_at(checked.at("one") + 3) != nullptr);
}

TEST_CASE("loop variables, parameters and item lets are names of their own") {
  Indexed checked(
      "fn f(x : int) : int = x + 1\nlet a = [for x in [1] : f(x)]\nlet b = { let x = 2, y = x }\n");
  REQUIRE_FALSE(checked.sink().has_errors());
  auto target = [&](int n) { return checked.index().name_at(checked.at("x", n))->target.begin; };
  CHECK(target(1) == checked.at("x", 0));  // the parameter in its body, however often it is called
  CHECK(target(3) == checked.at("x", 2));
  CHECK(target(5) == checked.at("x", 4));
}

TEST_CASE("fields lead to the type, input or record that declares them") {
  Indexed checked(
      "type T = { size : int, name : string? }\ncomponent C { input size : int }\n"
      "let t : T = { size = 1 }\nlet u = t.size\nuse c : C { size = 2 }\nlet r = { size = 3 }\nlet s = "
      "r.size\n");
  REQUIRE_FALSE(checked.sink().has_errors());
  auto declared = [&](int n) {
    const carbon::FieldUse* use = checked.index().field_at(checked.at("size", n));
    REQUIRE(use != nullptr);
    return checked.index().declared(use->owner, "size").begin;
  };
  CHECK(declared(2) == checked.at("size", 0));
  CHECK(declared(3) == checked.at("size", 0));
  CHECK(declared(4) == checked.at("size", 1));
  CHECK(declared(6) == checked.at("size", 5));
}

TEST_CASE("bodies know their type, the innermost first") {
  Indexed checked("type In = { b : int }\ntype Out = { a : In }\nlet x : Out = { a = { b = 1 } }\n");
  const carbon::BodyUse* inner = checked.index().body_around(checked.at("b = 1"));
  REQUIRE(inner != nullptr);
  CHECK(inner->type->field("b") != nullptr);
  const carbon::BodyUse* outer = checked.index().body_around(checked.at("a = {"));
  REQUIRE(outer != nullptr);
  CHECK(outer->type->field("a") != nullptr);
  CHECK(checked.index().body_around(checked.at("let x")) == nullptr);
}

TEST_CASE("what may stand at the cursor: names in scope, the expected type, the object of a member") {
  Indexed names("let a = 1\ninput i : int\nlet b = [for v in [1] : |zz]\n");
  CHECK(names.visible() == std::vector<std::string>{"a", "b", "env", "i", "v"});
  Indexed inside("let a = 1\ninput i : int = 1\ncomponent c {\n  input j : int\n  output o : int = |zz\n}\n");
  CHECK(inside.visible() == std::vector<std::string>{"a", "env", "j"});
  REQUIRE(inside.index().cursor().expected.has_value());
  CHECK((*inside.index().cursor().expected)->kind == carbon::TypeKind::integer);
  Indexed member("let r = { size = 3 }\nlet s = r.|zz\n");
  REQUIRE(member.index().cursor().object != nullptr);
  CHECK(member.index().cursor().object->field("size") != nullptr);
}

TEST_CASE("in focus only one declaration is looked into, and heads of all others count") {
  Indexed whole("input a : int = wrong\ninput b : int = |zz\n");
  CHECK(whole.sink().error_count() == 2);
  Indexed focused("input a : int = wrong\ninput b : int = |zz\n", true);
  CHECK(focused.sink().error_count() == 1);
  CHECK(focused.visible() == std::vector<std::string>{"a", "b", "env"});
}
