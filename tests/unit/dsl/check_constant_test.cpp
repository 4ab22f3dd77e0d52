#include <doctest/doctest.h>

#include "dsl/check/check.h"
#include "engine/expr/evaluate.h"

using namespace carbon;

namespace {

/// `--set` on an input of a type, without any platform around it.
struct Constants {
  Constants() {
    add_operators(functions);
    program.types = &types;
    program.functions = &functions;
  }
  Result<Value> value(std::string_view text, TypePtr type) { return check_constant(program, text, type); }
  TypePtr basic(TypeKind kind) { return types.types().basic(kind); }

  ResourceTypes types;
  FunctionTable functions;
  Program program;
};

}  // namespace

TEST_CASE("a word is a string where a string is expected") {
  Constants constants;
  CHECK(*constants.value("a-b.c", constants.basic(TypeKind::string)) == Value::string("a-b.c"));
  CHECK(*constants.value("1.5", constants.basic(TypeKind::string)) == Value::string("1.5"));
  CHECK(*constants.value("\"quoted\"", constants.basic(TypeKind::string)) == Value::string("quoted"));
  TypePtr cron = constants.types.types().checked(CheckedString::cron);
  CHECK(*constants.value("0 2 * * *", cron) == Value::string("0 2 * * *"));
  CHECK(constants.value("0 2", cron).error().code() == DiagnosticCode::bad_checked_string);
}

TEST_CASE("anything else is an expression of the input's type") {
  Constants constants;
  CHECK(*constants.value("1 + 2", constants.basic(TypeKind::integer)) == Value::integer(3));
  CHECK(constants.value("20Gi", constants.basic(TypeKind::bytes))->as_quantity().text() == "20Gi");
  CHECK(constants.value("5m", constants.basic(TypeKind::duration))->as_duration().text() == "5min");
  TypePtr list = constants.types.types().list(constants.basic(TypeKind::string));
  CHECK(constants.value("[\"a\", \"b\"]", list)->items().size() == 2);
  TypePtr maybe = constants.types.types().optional(constants.basic(TypeKind::string));
  CHECK(constants.value("null", maybe)->is_null());
}

TEST_CASE("what is wrong has no place, since the text stands in no file") {
  Constants constants;
  auto unit = constants.value("20", constants.basic(TypeKind::bytes));
  REQUIRE_FALSE(unit);
  CHECK(unit.error().code() == DiagnosticCode::type_mismatch);
  CHECK(unit.error().diagnostic().labels.empty());
  CHECK(constants.value("(", constants.basic(TypeKind::integer)).error().diagnostic().labels.empty());
  CHECK(constants.value("nobody", constants.basic(TypeKind::integer)).error().code() ==
        DiagnosticCode::unknown_name);
}
