#include "engine/plan/plan_file.h"

#include <doctest/doctest.h>

#include <functional>

using namespace carbon;

namespace {

/// Good enough to tell texts apart; the real one is OpenSSL's.
struct TestDigester : Digester {
  std::string key = "k";
  static std::string spread(std::string_view bytes) {
    std::string out;
    std::size_t seed = std::hash<std::string_view>{}(bytes);
    for (int i = 0; i < 64; ++i) {
      out.push_back("0123456789abcdef"[seed & 15]);
      seed = (seed >> 4) ^ (seed * 0x9E3779B97F4A7C15u);
    }
    return out;
  }
  std::string sha256_hex(std::string_view bytes) const override { return spread(bytes); }
  std::string sign(std::string_view bytes) const override { return spread(key + std::string(bytes)); }
};

Plan sample() {
  Plan plan;
  plan.platform = "shop";
  plan.environment = "prod";
  plan.world = "live";
  plan.inventory_generation = 7;
  plan.inventory_folder = "state";
  plan.types = {Value::record({{Value::string("name"), Value::string("Thing")}})};
  plan.set_inputs["size"] = "3";
  plan.providers.push_back(
      {"p", "k8s.Cluster",
       Value::record({{Value::string("token"), Value::secret({"secret.env", {Value::string("T")}})}}),
       TargetIdentity{"https://x", "u", "v1.35"}});
  Change change;
  change.address = "a[\"k\"]";
  change.action = Action::update;
  change.because = Because::drift;
  change.identity = Value::record({{Value::string("name"), Value::string("x")}});
  change.desired = Value::record({{Value::string("host"), Value::unknown_attribute("db", "status.host")}});
  FieldChange field;
  field.path = *FieldPath::parse("containers[\"app\"].image");
  field.before = Value();
  field.after = Value::string("x:2");
  field.written = {"a.carbon", 3};
  field.cause = FieldCause::drift;
  change.fields = {field};
  change.removed = {*FieldPath::parse("data[\"a.b\"]")};
  change.timeout = Duration{5};
  change.needs = {"db"};
  change.applied.insert(field.path);
  change.fingerprint = {true, "uid", "42", {field.path}, "d"};
  plan.changes = {change};
  plan.records = {{"b", {"protect"}, "p", true, {"db"}, {"a.carbon", 9}, change.applied, {{"x", "0a"}}},
                  {"c", {"needs"}, "p", false, {}, {"a.carbon", 12}, std::nullopt, {}}};
  plan.quiet = {{"spelling", 3}};
  plan.summary.update = 1;
  plan.policies = {11, {{"guarded", "warning", "a[\"k\"]", "not protected"}}};
  return plan;
}

}  // namespace

TEST_CASE("a plan comes back as it was saved, and equal plans have one id") {
  TestDigester digester;
  std::string file = encode_plan_file(sample(), {1, 2, "n"}, digester);
  Result<SavedPlan> read = decode_plan_file(file, digester);
  REQUIRE(read);
  CHECK(encode_plan(read->plan) == encode_plan(sample()));
  CHECK(read->id == plan_id(sample(), digester));
  CHECK(read->envelope.nonce == "n");
  CHECK(read->plan.changes[0].fields[0].before->is_null());
  CHECK(read->plan.changes[0].fingerprint.version == "42");
  CHECK(read->plan.providers[0].target->uid == "u");
  CHECK(read->plan.records[0].applied == sample().changes[0].applied);
  CHECK(read->plan.records[0].value_digests.at("x") == "0a");
  CHECK_FALSE(read->plan.records[1].applied);
  CHECK(read->plan.policies.passed == 11);
  REQUIRE(read->plan.policies.notes.size() == 1);
  CHECK(read->plan.policies.notes[0].address == "a[\"k\"]");
}

TEST_CASE("every flipped bit and every cut is found") {
  TestDigester digester;
  std::string file = encode_plan_file(sample(), {1, 2, "n"}, digester);
  for (std::size_t i = 0; i < file.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      std::string flipped = file;
      flipped[i] = static_cast<char>(flipped[i] ^ (1 << bit));
      Result<SavedPlan> read = decode_plan_file(flipped, digester);
      REQUIRE_FALSE(read);
      CHECK(read.error().code() == DiagnosticCode::bad_plan_file);
    }
    REQUIRE_FALSE(decode_plan_file(std::string_view(file).substr(0, i), digester));
  }
}

TEST_CASE("a plan signed with another key is refused") {
  TestDigester ours;
  TestDigester theirs;
  theirs.key = "other";
  CHECK_FALSE(decode_plan_file(encode_plan_file(sample(), {1, 2, "n"}, theirs), ours));
}

TEST_CASE("a body that verifies but lacks a part is named, not guessed") {
  TestDigester digester;
  std::string body = "{\"made_at\":1,\"expires_at\":2,\"nonce\":\"n\"}\n{\"platform\":\"x\"}";
  Result<SavedPlan> read = decode_plan_file("carbon-plan 1 " + digester.sign(body) + "\n" + body, digester);
  REQUIRE_FALSE(read);
  CHECK(read.error().message().find("environment") != std::string::npos);
}
