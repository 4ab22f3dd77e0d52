#include <doctest/doctest.h>

#include "base/value_json.h"
#include "tests/support/thing_world.h"

using namespace carbon;
using test::ThingWorld;

namespace {

constexpr std::uint32_t in_the_type = 900;  ///< an origin, and what locate() says is beyond it

/// `db`, whose image was `a` when it was applied with type version 1, and whose type is of version 2 now.
void declare_db(ThingWorld& world, std::uint32_t origin) {
  auto& type = const_cast<ResourceType&>(world.types.thing());
  type.version = "2";
  type.span = {in_the_type, in_the_type + 1};
  Resource& db = world.declare("db", "{}");
  db.desired = Value::record({{Value::string("name"), Value::string("db")},
                              {Value::string("image"), Value::string("b").with_origin(origin)}});
  world.observe("db", R"({"name":"db","image":"a"})", "u1");
  world.own("db", "u1", R"(["image"])").type_version = "1";
}

Plan planned(ThingWorld& world) {
  PlanOptions options = world.options();
  options.locate = [](std::uint32_t origin) {
    return origin >= in_the_type ? Written{"std/things.carbon", 7} : Written{"shop.carbon", 3};
  };
  return world.plan(options);
}

}  // namespace

TEST_CASE("a default that is another one in the type now is told as that") {
  ThingWorld world;
  SUBCASE("nobody wrote the field") {
    declare_db(world, in_the_type + 5);
    CHECK(ThingWorld::lines(planned(world)) ==
          "update db because default of the type changed ((`image`))\n"
          "  image \"a\" => \"b\"\n");
  }
  SUBCASE("the platform file has it") {
    declare_db(world, 50);
    CHECK(ThingWorld::lines(planned(world)) ==
          "update db because changed in the platform file\n"
          "  image \"a\" => \"b\"\n");
  }
  SUBCASE("the type is the one that it was applied with") {
    declare_db(world, in_the_type + 5);
    world.inventory.entries.at("db").type_version = "2";
    CHECK(ThingWorld::lines(planned(world)) ==
          "update db because changed in the platform file\n"
          "  image \"a\" => \"b\"\n");
  }
}

TEST_CASE("a type that names its objects by other fields now replaces none of them") {
  ThingWorld world;
  auto& type = const_cast<ResourceType&>(world.types.thing());
  type.version = "2";
  type.identity.push_back(*FieldPath::parse("zone"));
  world.declare("db", R"({"zone":"a","image":"i"})");
  InventoryEntry& entry = world.own("db", "u1", R"(["image"])");
  entry.type_version = "1";
  SUBCASE("the server does not know it by them") {
    world.absent("db");
    LiveObject& former = world.live.former["db"];
    former.presence = Presence::present;
    former.object = *parse_json(R"({"name":"db","image":"i"})");
    former.uid = "u1";
    CHECK(ThingWorld::lines(world.plan()) == "");
    CHECK(world.only_error().code == DiagnosticCode::moved_identity);
    // Of the same version another name is a replacement, as ever.
    entry.type_version = "2";
    CHECK(ThingWorld::lines(world.plan()).starts_with("replace db"));
  }
  SUBCASE("it is known by them, too") {
    world.observe("db", R"({"name":"db","zone":"a","image":"i"})", "u1");
    CHECK(ThingWorld::lines(world.plan()) == "");
    CHECK(world.codes() == "");
  }
}

TEST_CASE("secrets that are the same one have the same tag, and one that is alone has none") {
  ThingWorld world;
  auto declare = [&](const char* name, const char* variable) {
    Value secret = Value::secret({"secret.env", {Value::string(variable)}});
    world.declare(name, "{}").desired =
        Value::record({{Value::string("name"), Value::string(name)}, {Value::string("password"), secret}});
    world.absent(name);
  };
  declare("a", "ONE");
  declare("b", "TWO");
  declare("c", "ONE");
  declare("d", "THREE");
  declare("e", "TWO");
  Plan plan = world.plan();
  std::string tags;
  for (const Change& change : plan.changes) {
    for (const FieldChange& field : change.fields) {
      if (field.secret) tags += change.address + std::to_string(field.secret_tag) + " ";
    }
  }
  CHECK(tags == "a1 b2 c1 d0 e2 ");
}
