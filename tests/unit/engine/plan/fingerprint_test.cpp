#include "engine/plan/fingerprint.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "engine/plan/plan.h"
#include "tests/support/thing_world.h"

using namespace carbon;

namespace {

/// What a plan was made from, and questions whether it still holds.
struct Planned {
  test::ThingTypes types;
  test::PlainDigester digester;
  LiveObject live;
  DigestMap digests{{"password", "d1"}};
  Change change;

  Planned() {
    live.presence = Presence::present;
    live.uid = "u1";
    live.version = "7";
    live.object = *parse_json(R"({"image":"a","memory":"1Gi","password":"x","replicas":1})");
    change.address = "thing";
    std::vector<FieldPath> fields;
    for (const char* field : {"image", "memory", "password", "zone"})
      fields.push_back(*FieldPath::parse(field));
    change.fingerprint = make_fingerprint(types.thing(), live, std::move(fields), digests, digester);
  }
  [[nodiscard]] bool holds() const {
    return fingerprint_holds(change, types.thing(), live, digests, digester);
  }
  void now(std::string_view object) {
    live.version = "8";
    live.object = *parse_json(object);
  }
};

}  // namespace

TEST_CASE("a fingerprint holds while the fields that the plan used are what they were") {
  Planned planned;
  CHECK(planned.holds());
  planned.now(R"({"image":"a","memory":"1024Mi","password":"x","replicas":9,"labels":{"a":"1"}})");
  CHECK(planned.holds());
  SUBCASE("another value") { planned.now(R"({"image":"b","memory":"1Gi","password":"x"})"); }
  SUBCASE("a value that is gone") { planned.now(R"({"memory":"1Gi","password":"x"})"); }
  SUBCASE("a value where none was") {
    planned.now(R"({"image":"a","memory":"1Gi","password":"x","zone":"z"})");
  }
  SUBCASE("another secret, told by its keyed digest") { planned.digests["password"] = "d2"; }
  CHECK_FALSE(planned.holds());
}

TEST_CASE("a fingerprint holds for this very object only") {
  Planned planned;
  SUBCASE("another one of its name, though equal") { planned.live.uid = "u2"; }
  SUBCASE("none") { planned.live.presence = Presence::absent; }
  SUBCASE("nobody knows") { planned.live.presence = Presence::unknown; }
  CHECK_FALSE(planned.holds());
}

TEST_CASE("where nothing was, nothing must be") {
  Planned planned;
  planned.change.fingerprint = Fingerprint();
  CHECK_FALSE(planned.holds());
  planned.live.presence = Presence::unknown;
  CHECK_FALSE(planned.holds());
  planned.live.presence = Presence::absent;
  CHECK(planned.holds());
}

TEST_CASE("a fingerprint holds no content of a secret") {
  Planned planned;
  Planned other;
  other.live.object = *parse_json(R"({"image":"a","memory":"1Gi","password":"y"})");
  Fingerprint made = make_fingerprint(other.types.thing(), other.live, planned.change.fingerprint.fields,
                                      other.digests, other.digester);
  CHECK(made.digest == planned.change.fingerprint.digest);
}
