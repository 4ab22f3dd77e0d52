#include "platform/store/kubernetes_store.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <set>
#include <thread>

#include "base/value_json.h"
#include "platform/io/forwarding_driver.h"
#include "platform/io/network_driver.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/serve/listener.h"
#include "platform/store/kubernetes_lease.h"
#include "platform/store/kubernetes_log.h"
#include "tests/unit/platform/sandbox/world_folder.h"
#include "tests/unit/platform/store/shared_store_check.h"

using namespace carbon;
using carbon::test::far_request;
using carbon::test::shared_sample;

namespace {

/// What becomes of a request.
enum class Fate : std::uint8_t {
  served,
  dropped,   ///< it never arrives
  lost,      ///< it is served, and its answer gets lost
  repeated,  ///< it is served twice, as by a client that sends again when a connection ends; the second
             ///< answer
};

/// The sandbox's API server, for many threads at once, and what the network does to requests.
class ServedWorld {
 public:
  ServedWorld() : world_(test::open_world(folder_.path, clock_)), listener_(*world_) {}

  HttpReply answer(const HttpRequest& request) {
    Fate fate = request.method == "GET" ? Fate::served : fate_of_next_write();
    HttpReply none;
    none.failure = "connection reset";
    none.cause = HttpReply::Cause::reset;
    if (fate == Fate::dropped) return none;
    if (fate == Fate::repeated) {
      (void)serve(request);
      if (between) between();
    }
    HttpReply reply = serve(request);
    none.sent = true;
    return fate == Fate::lost ? none : reply;
  }

  /// The n-th write from now on, counted from 1, has this fate; 0: none has.
  void set_fate(std::size_t nth, Fate fate) {
    std::lock_guard guard(lock_);
    nth_ = nth;
    fate_ = fate;
    writes_ = 0;
  }
  std::size_t writes() {
    std::lock_guard guard(lock_);
    return writes_;
  }

  SharedCluster cluster();
  /// Called between the two times that a request is served.
  std::function<void()> between;

 private:
  Fate fate_of_next_write() {
    std::lock_guard guard(lock_);
    return ++writes_ == nth_ ? fate_ : Fate::served;
  }

  HttpReply serve(const HttpRequest& request) {
    sandbox::ApiRequest asked = sandbox::ApiRequest::of(request.method, request.target);
    for (const Header& header : request.headers) {
      if (header.name == "Content-Type") asked.content_type = header.value;
      if (header.name == "Accept") asked.accept = header.value;
    }
    asked.body = request.body;
    asked.user_agent = "carbon";
    sandbox::ApiResponse response = listener_.handle(asked);
    HttpReply reply;
    reply.status = response.status;
    reply.body = std::move(response.body);
    reply.sent = true;
    reply.headers.push_back({"Content-Type", response.content_type});
    return reply;
  }

  test::WorldFolder folder_;
  NetworkDriver clock_;
  std::unique_ptr<sandbox::Sandbox> world_;
  sandbox::Listener listener_;
  std::mutex lock_;
  std::size_t nth_ = 0;
  Fate fate_ = Fate::served;
  std::size_t writes_ = 0;
};

/// A thread's way to that server.
class WorldIo final : public ForwardingDriver {
 public:
  explicit WorldIo(ServedWorld& world) : ForwardingDriver(network_), world_(world) {}
  void start_http(const HttpEndpoint&, HttpRequest request, Done<HttpReply> done) override {
    start_sleep({}, [done = std::move(done), reply = world_.answer(request)] { done(reply); });
  }

 private:
  ServedWorld& world_;
  NetworkDriver network_;
};

SharedCluster ServedWorld::cluster() {
  SharedCluster cluster;
  cluster.access.endpoint.name = cluster.access.endpoint.base = "http://127.0.0.1:1";
  cluster.name_space = "default";
  cluster.make_io = [this] { return std::make_unique<WorldIo>(*this); };
  return cluster;
}

const StoreName store_name{"shop", "dev", "live"};

std::unique_ptr<KubernetesStore> open_store(ServedWorld& world, Store::Access access) {
  auto opened = KubernetesStore::open(world.cluster(), store_name, access, far_request("ada@laptop"));
  REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().message()));
  return std::move(*opened);
}

std::string uid_of_namespace(ServedWorld& world) {
  HttpReply reply = ClusterSession(world.cluster()).read("/api/v1/namespaces/kube-system");
  auto object = parse_json(reply.body);
  REQUIRE(object);
  return std::string(object->find("metadata")->find("uid")->text());
}

JournalEvent event_of(const std::string& run, JournalKind kind, const std::string& detail = "") {
  return {0, run, kind, "a", "create", "", "", detail, 1};
}

std::set<std::string> addresses(Store& store) {
  std::set<std::string> out;
  Inventory inventory = *store.load();
  for (const auto& [address, entry] : inventory.entries) out.insert(address);
  return out;
}

}  // namespace

TEST_CASE("a shared inventory in Kubernetes: all that one in PostgreSQL does") {
  ServedWorld world;
  test::check_shared_store([&](const StoreName& name, Store::Access access,
                               const LockRequest& request) -> Result<std::unique_ptr<Store>> {
    return CARBON_TRY(KubernetesStore::open(world.cluster(), name, access, request));
  });
}

TEST_CASE("nothing is written to another cluster than the environment is meant for") {
  ServedWorld world;
  SharedCluster cluster = world.cluster();
  cluster.uids = {"another"};
  auto refused = KubernetesStore::open(cluster, store_name, Store::Access::write, far_request("ada@laptop"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == DiagnosticCode::wrong_target);
  CHECK(world.writes() == 0);
  cluster.uids.push_back(uid_of_namespace(world));
  CHECK(KubernetesStore::open(cluster, store_name, Store::Access::write, far_request("ada@laptop")));
}

TEST_CASE("what stands for a store can be part of a name of Kubernetes, and is another one's for another") {
  CHECK(inventory_key("shop.default.live") == "shop.default.live");
  std::set<std::string> keys;
  std::vector<std::string> stores{"Shop.default.live",
                                  "shop_.default.live",
                                  "shop-.default.live",
                                  "-.a.live",
                                  std::string(200, 'a') + ".prod.live",
                                  std::string(200, 'a') + ".dev.live",
                                  "shop.default.live"};
  for (const std::string& store : stores) {
    std::string key = inventory_key(store);
    CAPTURE(key);
    CHECK(key.size() <= 63);
    CHECK(std::ranges::all_of(
        key, [](char c) { return std::islower(c) || std::isdigit(c) || c == '.' || c == '-'; }));
    CHECK(std::isalnum(key.front()));
    CHECK(key.find("-.") == std::string::npos);
    CHECK(key.find(".-") == std::string::npos);
    keys.insert(key);
  }
  CHECK(keys.size() == stores.size());
}

TEST_CASE("a record is put together from its chunks; one that was not ended counts for nothing") {
  std::string record =
      StoredState::events_record({event_of("r", JournalKind::begin, std::string(3000, 'x') + "é")});
  for (std::size_t most : {2U, 3U, 10U, 4000U}) {
    ChunkReader reader;
    std::string found;
    for (const std::string& chunk : chunks_of(record, most)) {
      CHECK(chunk.size() <= most);
      CHECK(found.empty());
      found = *reader.add(chunk);
    }
    CHECK(found == record);
  }
  ChunkReader reader;
  auto first = chunks_of(record, 20);
  REQUIRE(first.size() > 2);
  CHECK(reader.add(first[0])->empty());
  CHECK(*reader.add(chunks_of(record, 4000).front()) == record);
  CHECK_FALSE(reader.add(first[1]));
  CHECK_FALSE(reader.add(""));
}

TEST_CASE("every flipped bit of a record is noticed") {
  std::string record = StoredState::used_record("pl-1", "nonce");
  std::string chunk = chunks_of(record, 4000).front();
  for (std::size_t bit = 8; bit < chunk.size() * 8; ++bit) {
    std::string flipped = chunk;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << (bit % 8)));
    CAPTURE(bit);
    auto read = ChunkReader().add(flipped);
    // What fills the last byte of the compressed text up says nothing.
    CHECK((!read || *read == record));
  }
  CHECK_FALSE(ChunkReader().add(chunk.substr(0, chunk.size() - 1)));
  CHECK_FALSE(ChunkReader().add(chunk + "x"));
}

TEST_CASE("a large plan takes several parts of the log, and a long log becomes a snapshot") {
  ServedWorld world;
  std::string plan;
  std::uint64_t noise = 1;
  while (plan.size() < 3'000'000) {  // does not compress
    noise = noise * 6364136223846793005ULL + 1442695040888963407ULL;
    plan.push_back(static_cast<char>('!' + (noise >> 33) % 90));
  }
  StoreContent content;
  {
    auto store = open_store(world, Store::Access::write);
    REQUIRE(store->update({shared_sample("a"), shared_sample("b")}, {}));
    REQUIRE(store->keep_plan("r1", plan));
    REQUIRE(store->append({event_of("r1", JournalKind::begin), event_of("r1", JournalKind::end)}));
    content = *store->content();
  }
  auto read = open_store(world, Store::Access::read);
  CHECK(same_content(content, *read->content()));
  CHECK(*read->plan_of("r1") == plan);
  // Whoever writes next makes a snapshot of it; a reader that began before has read all of it.
  auto next = open_store(world, Store::Access::write);
  CHECK(same_content(content, *next->content()));
  REQUIRE(next->update({}, {"b"}));
  CHECK(addresses(*next) == std::set<std::string>{"a"});
  next.reset();
  auto again = open_store(world, Store::Access::read);
  CHECK(addresses(*again) == std::set<std::string>{"a"});
  CHECK(*again->plan_of("r1") == plan);
}

TEST_CASE("whatever becomes of one write, what was acknowledged is there, and the next holder goes on") {
  // A life with a takeover, a snapshot, records and a move away and back; each of its writes fails once in
  // each way.
  auto live = [](ServedWorld& world, std::set<std::string>& acknowledged) {
    for (int holder = 0; holder < 2; ++holder) {
      auto store = KubernetesStore::open(world.cluster(), store_name, Store::Access::move_here,
                                         far_request("ada@laptop"));
      if (!store) return;
      for (int i = 0; i < 2; ++i) {
        std::string address = "h" + std::to_string(holder) + "-" + std::to_string(i);
        if (!(*store)->update({shared_sample(address)}, {})) return;
        acknowledged.insert(address);
      }
      auto content = (*store)->content();
      if (!content || !(*store)->take_over(*content)) return;
      if (!(*store)->append({event_of("r" + std::to_string(holder), JournalKind::begin)})) return;
      acknowledged.insert("r" + std::to_string(holder));
    }
  };
  ::setenv("CARBON_LEASE", "3s", 1);
  std::size_t writes = 0;
  {
    ServedWorld world;
    std::set<std::string> acknowledged;
    world.set_fate(0, Fate::served);
    live(world, acknowledged);
    CHECK(acknowledged.size() == 6);
    writes = world.writes();
  }
  REQUIRE(writes > 20);
  for (Fate fate : {Fate::dropped, Fate::lost, Fate::repeated}) {
    for (std::size_t nth = 1; nth <= writes; ++nth) {
      CAPTURE(nth);
      CAPTURE(static_cast<int>(fate));
      ServedWorld world;
      std::set<std::string> acknowledged;
      world.set_fate(nth, fate);
      live(world, acknowledged);
      world.set_fate(0, Fate::served);
      LockRequest request = far_request("bob@desk");
      request.timeout = Duration{40'000'000'000};
      auto next = KubernetesStore::open(world.cluster(), store_name, Store::Access::write, request);
      REQUIRE_MESSAGE(next, (next ? "" : next.error().message()));
      std::set<std::string> there = addresses(**next);
      std::vector<JournalEvent> events = *(*next)->history();
      for (const JournalEvent& event : events) there.insert(event.run);
      for (const std::string& each : acknowledged) CHECK_MESSAGE(there.contains(each), each);
      CHECK(there.size() <= acknowledged.size() + 1);  // the one whose answer was lost
      CHECK((*next)->update({shared_sample("more")}, {}));
      next->reset();
      CHECK(addresses(*open_store(world, Store::Access::read)).contains("more"));
    }
  }
  ::unsetenv("CARBON_LEASE");
}

TEST_CASE("once a later holder has begun, an earlier one writes nothing, however late it comes") {
  ServedWorld world;
  std::string record = StoredState::change_record({shared_sample("a")}, {});
  KubernetesLog first(world.cluster(), store_name.text());
  REQUIRE(first.take_part("1"));
  REQUIRE(first.add(record));
  KubernetesLog second(world.cluster(), store_name.text());
  REQUIRE(second.take_part("2"));
  KubernetesLog late(world.cluster(), store_name.text());
  for (Status refused : {first.add(StoredState::change_record({}, {"a"})), late.take_part("1")}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == DiagnosticCode::lock_lost);
  }
  REQUIRE(second.add(StoredState::change_record({shared_sample("b")}, {})));
  CHECK(addresses(*open_store(world, Store::Access::read)) == std::set<std::string>{"a", "b"});
}

TEST_CASE("a chunk that was sent twice is there, unless a later holder came in between") {
  ServedWorld world;
  KubernetesLog first(world.cluster(), store_name.text());
  REQUIRE(first.take_part("1"));
  world.set_fate(1, Fate::repeated);
  REQUIRE(first.add(StoredState::change_record({shared_sample("a")}, {})));
  KubernetesLog second(world.cluster(), store_name.text());
  Status begun;
  world.between = [&] { begun = second.take_part("2"); };
  world.set_fate(1, Fate::repeated);
  CHECK_FALSE(first.add(StoredState::change_record({shared_sample("b")}, {})));
  CHECK(begun);
  CHECK_FALSE(first.add(StoredState::change_record({shared_sample("c")}, {})));
  CHECK(addresses(*open_store(world, Store::Access::read)) == std::set<std::string>{"a", "b"});
}

TEST_CASE("what a person's edit kept out is not taken for written") {
  ServedWorld world;
  KubernetesLog log(world.cluster(), store_name.text());
  REQUIRE(log.take_part("1"));
  ClusterSession session(world.cluster());
  REQUIRE(
      session
          .merge(session.configmaps() + "/carbon-shop.dev.live-log-1", R"({"metadata":{"labels":{"x":"y"}}})")
          .status == 200);
  CHECK_FALSE(log.add(StoredState::change_record({shared_sample("a")}, {})));
  CHECK(addresses(*open_store(world, Store::Access::read)).empty());
}

TEST_CASE("a lease is one holder's, epoch by epoch") {
  ::setenv("CARBON_LEASE", "3s", 1);
  ServedWorld world;
  KubernetesLease a(world.cluster(), "shop.dev.live");
  KubernetesLease b(world.cluster(), "shop.dev.live");
  LockHolder ada = far_request("ada@laptop").holder;
  LockHolder bob = far_request("bob@desk").holder;
  CHECK(*a.take(ada, "") == "1");
  CHECK_FALSE(b.take(bob, "")->has_value());
  CHECK(*a.renew("1"));
  CHECK(*b.take(bob, "1") == "2");  // its holder is known to be dead
  CHECK_FALSE(*a.renew("1"));
  a.let_go("1");
  CHECK(b.state()->holder.by == "bob@desk");
  CHECK_FALSE(*a.take_away("1"));
  CHECK(b.state()->held);
  // Nobody renews it for as long as it lasts.
  CHECK_FALSE(a.take(ada, "")->has_value());
  std::this_thread::sleep_for(std::chrono::milliseconds(3200));
  CHECK(*a.take(ada, "") == "3");
  CHECK(*b.take_away("3"));
  CHECK_FALSE(a.state()->held);
  CHECK_FALSE(*a.renew("3"));
  ::unsetenv("CARBON_LEASE");
}

TEST_CASE("a part that is gone or damaged is told, with what to do, and nothing is guessed") {
  auto filled = [](ServedWorld& world) {
    auto store = open_store(world, Store::Access::write);
    REQUIRE(store->take_over({3, {shared_sample("a")}, {}, {}, {}}));
    REQUIRE(store->update({shared_sample("b")}, {}));
    store.reset();
    REQUIRE(open_store(world, Store::Access::write)->update({shared_sample("c")}, {}));
  };
  auto after = [&](const char* method, const std::string& name, const std::string& body) {
    ServedWorld world;
    filled(world);
    ClusterSession session(world.cluster());
    HttpReply reply = std::string(method) == "DELETE"
                          ? session.write("DELETE", session.configmaps() + "/" + name, "")
                          : session.merge(session.configmaps() + "/" + name, body);
    REQUIRE_MESSAGE(reply.status == 200, reply.body);
    auto opened =
        KubernetesStore::open(world.cluster(), store_name, Store::Access::write, far_request("b@c"));
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code() == DiagnosticCode::inventory_damaged);
    return opened.error().message();
  };
  auto says = [](const std::string& message, const char* what) {
    CHECK_MESSAGE(message.find(what) != std::string::npos, message);
  };
  says(after("DELETE", "carbon-shop.dev.live", ""), "its head, ConfigMap carbon-shop.dev.live, is gone");
  says(after("DELETE", "carbon-shop.dev.live-snapshot-1.1-0", ""), "part 0 of snapshot 1.1 is gone");
  says(after("DELETE", "carbon-shop.dev.live-log-1", ""), "part 1 of the log is gone");
  says(after("DELETE", "carbon-shop.dev.live-log-2", ""), "part 2 of the log is gone");
  says(after("PATCH", "carbon-shop.dev.live", R"({"data":{"format":"2"}})"),
       "no inventory that this carbon can read");
  says(after("PATCH", "carbon-shop.dev.live-log-1", R"({"binaryData":{"000001":"LnhhYmM="}})"),
       "`000001` of ConfigMap carbon-shop.dev.live-log-1");
  says(after("PATCH", "carbon-shop.dev.live-log-1", R"({"binaryData":{"000001":null,"000002":"LnhhYmM="}})"),
       "ConfigMap carbon-shop.dev.live-log-1 lacks `000001`");
}
