#include "tests/unit/platform/store/shared_store_check.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace carbon::test {

namespace {

const StoreName shop{"shop", "dev", "live"};

}  // namespace

InventoryEntry shared_sample(const std::string& address) {
  InventoryEntry entry;
  entry.address = address;
  entry.type = "k8s.ConfigMap";
  entry.identity = Value::record({{Value::string("name"), Value::string("quo\"te \\ and é")}});
  entry.uid = "u-1";
  entry.applied.insert(*FieldPath::parse("data[\"a.b\"]"));
  return entry;
}

LockRequest far_request(const std::string& by) {
  LockRequest request;
  request.holder.by = by;
  request.holder.command = "apply";
  return request;
}

void check_shared_store(const SharedStoreOpener& open) {
  ::setenv("CARBON_LEASE", "3s", 1);
  auto opened = [&](Store::Access access, const char* by) { return open(shop, access, far_request(by)); };
  auto first = std::move(*opened(Store::Access::write, "ada@laptop"));
  REQUIRE(first->update({shared_sample("b"), shared_sample("a")}, {}));
  REQUIRE(first->update({}, {"b"}));
  Inventory inventory = *first->load();
  CHECK(inventory.generation == 2);
  REQUIRE(inventory.entries.size() == 1);
  CHECK(encode_entry(inventory.entries.at("a")) == encode_entry(shared_sample("a")));

  REQUIRE(first->append({{0, "r1", JournalKind::begin, "", "", "", "", "{\"by\":\"ada\"}", 1},
                         {0, "r1", JournalKind::intent, "a", "create", "t", "", "{\"x\":\"\\\"\"}", 2}}));
  CHECK(first->unfinished()->size() == 2);
  CHECK(first->unfinished()->back().detail == "{\"x\":\"\\\"\"}");
  CHECK(first->history()->back().detail.empty());
  CHECK(*first->intended("t"));
  CHECK_FALSE(*first->intended("u"));
  CHECK(*first->use_plan("pl-1", "n"));
  CHECK_FALSE(*first->use_plan("pl-1", "n"));
  CHECK(*first->plan_was_used("pl-1", "n"));
  REQUIRE(first->keep_plan("r0", "{0}"));
  REQUIRE(first->keep_plan("r1", "{\"a\": 'x'}"));
  CHECK(*first->plan_of("r1") == "{\"a\": 'x'}");
  CHECK(first->plan_of("r0")->empty());
  CHECK(**first->shared_key("key one") == "key one");

  // A second machine reads, and does not write.
  auto reader = std::move(*opened(Store::Access::read, "bob@desk"));
  CHECK(**reader->shared_key("key two") == "key one");
  CHECK_FALSE(reader->update({}, {"a"}));
  LockState seen = *reader->lock_state();
  CHECK(seen.held);
  CHECK_FALSE(seen.lives);
  CHECK(seen.holder.name() == "r1");
  auto refused = opened(Store::Access::write, "bob@desk");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == DiagnosticCode::lock_held);
  // Longer than a lease: it is renewed.
  std::this_thread::sleep_for(std::chrono::seconds(4));
  CHECK(first->may_send());
  CHECK_FALSE(opened(Store::Access::write, "bob@desk"));

  // Another one's rows are another one's.
  auto other = std::move(*open({"shop", "prod", "live"}, Store::Access::write, far_request("ada@laptop")));
  CHECK(other->load()->entries.empty());
  CHECK(other->unfinished()->empty());

  // Broken: the former holder writes nothing, and notices it by itself.
  REQUIRE(reader->break_lock(seen));
  auto second = opened(Store::Access::write, "bob@desk");
  REQUIRE(second);
  CHECK_FALSE(reader->break_lock(seen));
  Status written = first->append({{0, "r1", JournalKind::result, "a", "create", "t", "", "done", 3}});
  REQUIRE_FALSE(written);
  CHECK(written.error().code() == DiagnosticCode::lock_lost);
  CHECK_FALSE(first->update({shared_sample("c")}, {}));
  CHECK_FALSE(first->use_plan("pl-2", "n"));
  std::this_thread::sleep_for(std::chrono::seconds(1));
  CHECK_FALSE(first->may_send());
  CHECK((*second)->load()->entries.size() == 1);
  first.reset();
  CHECK(reader->lock_state()->holder.by == "bob@desk");

  // Moved: all of it, and the former place is refused.
  StoreContent content = *(*second)->content();
  CHECK(content.events.size() == 2);
  REQUIRE(other->take_over(content));
  CHECK(same_content(content, *other->content()));
  REQUIRE((*second)->retire("elsewhere"));
  second->reset();
  auto gone = opened(Store::Access::read, "bob@desk");
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message().find("elsewhere") != std::string::npos);
  auto back = opened(Store::Access::move_here, "bob@desk");
  REQUIRE(back);
  REQUIRE((*back)->take_over(content));
  back->reset();
  CHECK(opened(Store::Access::read, "bob@desk"));
  ::unsetenv("CARBON_LEASE");
}

}  // namespace carbon::test
