#include "engine/plan/normal_form.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/support/thing_type.h"

using namespace carbon;

namespace {

Value json(std::string_view text) { return *parse_json(text); }

Type& list_of(TypeTable& types, TypePtr element) {
  Type& made = types.make(TypeKind::list);
  made.element = element;
  return made;
}

}  // namespace

TEST_CASE("an unordered list is the same in whatever order, as often as each item stands in it") {
  TypeTable types;
  Type& plain = list_of(types, types.basic(TypeKind::quantity));
  Type& unordered = list_of(types, types.basic(TypeKind::quantity));
  unordered.unordered = true;
  auto form = [](std::string_view text, const Type& type) { return normal_form(json(text), type); };
  CHECK(form(R"(["1Gi","2","1"])", unordered) == form(R"(["1",2,"1024Mi"])", unordered));
  CHECK_FALSE(form(R"(["1Gi","2"])", plain) == form(R"(["2","1Gi"])", plain));
  CHECK_FALSE(form(R"(["1","1","2"])", unordered) == form(R"(["1","2","2"])", unordered));
}

TEST_CASE("a null in a record says nothing, and one in a list is an item") {
  TypeTable types;
  Type& record = types.make(TypeKind::record);
  record.fields.push_back({"a", types.basic(TypeKind::integer), FieldFlag::none, ""});
  record.fields.push_back({"b", types.basic(TypeKind::integer), FieldFlag::none, ""});
  const Type& list = list_of(types, types.basic(TypeKind::integer));
  CHECK(normal_form(json(R"({"a":1,"b":null})"), record) == normal_form(json(R"({"a":1})"), record));
  CHECK_FALSE(normal_form(json("[1,null]"), list) == normal_form(json("[1]"), list));
}

TEST_CASE("a plan shows nothing of what the schema calls secret, wherever it stands") {
  test::ThingTypes types;
  Value shown = masked(json(R"({"name":"n","password":"hunter2","token":"hunter2","data":{"k":"hunter2"}})"),
                       *types.thing().schema);
  CHECK(shown.contains_secret());
  CHECK(to_json(shown).find("hunter2") == std::string::npos);
  CHECK(shown.find("name")->text() == "n");
  TypeTable own;
  Type& inner = own.make(TypeKind::record);
  inner.fields.push_back({"key", own.optional(own.secret(own.basic(TypeKind::string))), FieldFlag::none, ""});
  inner.fields.push_back({"pem", own.basic(TypeKind::string), FieldFlag::sensitive, ""});
  inner.fields.push_back({"note", own.basic(TypeKind::string), FieldFlag::none, ""});
  const Type& list = list_of(own, &inner);
  std::string text = to_json(masked(json(R"([{"key":"hunter2","pem":"hunter2","note":"n"}])"), list));
  CHECK(text == R"j([{"key":"(secret)","note":"n","pem":"(secret)"}])j");
}
