#include "tests/unit/platform/store/shared_store_check.h"

#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>
#include <thread>

namespace carbon::test {

namespace {

const StoreName shop{"shop", "dev", "live"};

class SharedStoreCheck {
 public:
  explicit SharedStoreCheck(const SharedStoreOpener& open) : open_(open) {}

  void rows() {
    first_ = std::move(*opened(Store::Access::write, "ada@laptop"));
    REQUIRE(first_->update({shared_sample("b"), shared_sample("a")}, {}));
    REQUIRE(first_->update({}, {"b"}));
    Inventory inventory = *first_->load();
    CHECK(inventory.generation == 2);
    REQUIRE(inventory.entries.size() == 1);
    CHECK(encode_entry(inventory.entries.at("a")) == encode_entry(shared_sample("a")));

    REQUIRE(first_->append({{0, "r1", JournalKind::begin, "", "", "", "", "{\"by\":\"ada\"}", 1},
                            {0, "r1", JournalKind::intent, "a", "create", "t", "", "{\"x\":\"\\\"\"}", 2}}));
    CHECK(first_->unfinished()->size() == 2);
    CHECK(first_->unfinished()->back().detail == "{\"x\":\"\\\"\"}");
    CHECK(first_->history()->back().detail.empty());
    CHECK(*first_->intended("t"));
    CHECK_FALSE(*first_->intended("u"));
    CHECK(*first_->use_plan("pl-1", "n"));
    CHECK_FALSE(*first_->use_plan("pl-1", "n"));
    CHECK(*first_->plan_was_used("pl-1", "n"));
    REQUIRE(first_->keep_plan("r0", "{0}"));
    REQUIRE(first_->keep_plan("r1", "{\"a\": 'x'}"));
    CHECK(*first_->plan_of("r1") == "{\"a\": 'x'}");
    CHECK(first_->plan_of("r0")->empty());
    CHECK(**first_->shared_key("key one") == "key one");
  }

  void second_machine() {
    // A second machine reads, and does not write.
    reader_ = std::move(*opened(Store::Access::read, "bob@desk"));
    CHECK(**reader_->shared_key("key two") == "key one");
    CHECK_FALSE(reader_->update({}, {"a"}));
    seen_ = *reader_->lock_state();
    CHECK(seen_.held);
    CHECK_FALSE(seen_.lives);
    CHECK(seen_.holder.name() == "r1");
    auto refused = opened(Store::Access::write, "bob@desk");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == DiagnosticCode::lock_held);
    // Longer than a lease: it is renewed.
    std::this_thread::sleep_for(std::chrono::seconds(4));
    CHECK(first_->may_send());
    CHECK_FALSE(opened(Store::Access::write, "bob@desk"));

    // Another one's rows are another one's.
    other_ = std::move(*open_({"shop", "prod", "live"}, Store::Access::write, far_request("ada@laptop")));
    CHECK(other_->load()->entries.empty());
    CHECK(other_->unfinished()->empty());
  }

  void broken_lock() {
    // Broken: the former holder writes nothing, and notices it by itself.
    REQUIRE(reader_->break_lock(seen_));
    auto second = opened(Store::Access::write, "bob@desk");
    REQUIRE(second);
    second_ = std::move(*second);
    CHECK_FALSE(reader_->break_lock(seen_));
    Status written = first_->append({{0, "r1", JournalKind::result, "a", "create", "t", "", "done", 3}});
    REQUIRE_FALSE(written);
    CHECK(written.error().code() == DiagnosticCode::lock_lost);
    CHECK_FALSE(first_->update({shared_sample("c")}, {}));
    CHECK_FALSE(first_->use_plan("pl-2", "n"));
    std::this_thread::sleep_for(std::chrono::seconds(1));
    CHECK_FALSE(first_->may_send());
    CHECK(second_->load()->entries.size() == 1);
    first_.reset();
    CHECK(reader_->lock_state()->holder.by == "bob@desk");
  }

  void move() {
    // Moved: all of it, and the former place is refused.
    StoreContent content = *second_->content();
    CHECK(content.events.size() == 2);
    REQUIRE(other_->take_over(content));
    CHECK(same_content(content, *other_->content()));
    REQUIRE(second_->retire("elsewhere"));
    second_.reset();
    auto gone = opened(Store::Access::read, "bob@desk");
    REQUIRE_FALSE(gone);
    CHECK(gone.error().message().find("elsewhere") != std::string::npos);
    auto back = opened(Store::Access::move_here, "bob@desk");
    REQUIRE(back);
    REQUIRE((*back)->take_over(content));
    back->reset();
    CHECK(opened(Store::Access::read, "bob@desk"));
  }

 private:
  Result<std::unique_ptr<Store>> opened(Store::Access access, const char* by) {
    return open_(shop, access, far_request(by));
  }

  const SharedStoreOpener& open_;
  std::unique_ptr<Store> first_, second_, reader_, other_;
  LockState seen_;
};

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
  SharedStoreCheck check(open);
  check.rows();
  check.second_machine();
  check.broken_lock();
  check.move();
  ::unsetenv("CARBON_LEASE");
}

}  // namespace carbon::test
