#include "platform/store/local_store.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "platform/store/database.h"

using namespace carbon;

namespace {

struct Folder {
  std::string path;
  Folder() {
    char name[] = "/tmp/carbon-store-XXXXXX";
    path = ::mkdtemp(name);
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

const LocalStore::Name name{"shop", "dev", "sandbox"};

InventoryEntry sample(const std::string& address) {
  InventoryEntry entry;
  entry.address = address;
  entry.type = "k8s.ConfigMap";
  entry.identity = Value::record({{Value::string("name"), Value::string("x")}});
  entry.provider_config =
      Value::record({{Value::string("token"), Value::secret({"secret.env", {Value::string("T")}})}});
  entry.uid = "u-1";
  entry.applied.insert(*FieldPath::parse("data[\"a.b\"]"));
  entry.digests["data[\"a\"]"] = "abc";
  entry.protect = true;
  entry.needs = {"b"};
  return entry;
}

LockRequest request_of(const char* by) {
  LockRequest request;
  request.holder.by = by;
  request.holder.process = 4711;
  return request;
}

}  // namespace

TEST_CASE("an entry comes back as it was put, and the generation grows") {
  Folder folder;
  auto store = LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE(store);
  REQUIRE((*store)->update({sample("b"), sample("a")}, {}));
  Inventory inventory = *(*store)->load();
  REQUIRE(inventory.entries.size() == 2);
  CHECK(encode_entry(inventory.entries.at("a")) == encode_entry(sample("a")));
  CHECK(inventory.generation == 1);
  REQUIRE((*store)->update({}, {"a", "b"}));
  CHECK((*store)->load()->entries.empty());
}

TEST_CASE("only one process may write, readers may always look") {
  Folder folder;
  auto first = LocalStore::open(folder.path, name, LocalStore::Access::write, request_of("ada@laptop"));
  REQUIRE(first);
  auto second = LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE_FALSE(second);
  CHECK(second.error().code() == DiagnosticCode::lock_held);
  CHECK(second.error().message().find("ada@laptop") != std::string::npos);
  CHECK(LocalStore::open(folder.path, name, LocalStore::Access::read));
  first->reset();
  CHECK(LocalStore::open(folder.path, name, LocalStore::Access::write));
}

TEST_CASE("a run is open until its end is written, whatever ran after it") {
  Folder folder;
  auto store = *LocalStore::open(folder.path, name, LocalStore::Access::write);
  CHECK(store->unfinished()->empty());
  JournalEvent begin{0, "r1", JournalKind::begin, "", "", "", "", "", 1};
  JournalEvent intent{0, "r1", JournalKind::intent, "a", "create", "t", "", "{}", 2};
  REQUIRE(store->append({begin, intent}));
  REQUIRE(store->unfinished()->size() == 2);
  CHECK(store->unfinished()->back().token == "t");
  JournalEvent begin2{0, "r2", JournalKind::begin, "", "", "", "", "", 3};
  JournalEvent end2{0, "r2", JournalKind::end, "", "", "", "", "", 4};
  REQUIRE(store->append({begin2, end2}));
  CHECK(store->unfinished()->size() == 4);
  REQUIRE(store->append({{0, "r1", JournalKind::end, "", "", "", "", "", 5}}));
  CHECK(store->unfinished()->empty());
}

TEST_CASE("a token is carbon's while its intent is not known to be done") {
  Folder folder;
  auto store = *LocalStore::open(folder.path, name, LocalStore::Access::write);
  CHECK_FALSE(*store->intended("t"));
  REQUIRE(store->append({{0, "r", JournalKind::intent, "a", "create", "t", "", "{}", 1}}));
  CHECK(*store->intended("t"));
  REQUIRE(store->append({{0, "r", JournalKind::resolved, "a", "create", "t", "", "did not happen", 2}}));
  CHECK(*store->intended("t"));
  REQUIRE(store->append({{0, "r", JournalKind::result, "a", "create", "t", "", "done", 3}}));
  CHECK_FALSE(*store->intended("t"));
}

TEST_CASE("a plan can be used once") {
  Folder folder;
  auto store = *LocalStore::open(folder.path, name, LocalStore::Access::write);
  CHECK(*store->use_plan("pl-1", "n"));
  CHECK_FALSE(*store->use_plan("pl-1", "n"));
  CHECK(*store->use_plan("pl-1", "m"));
}

TEST_CASE("the plan of the newest run is kept, and no other") {
  Folder folder;
  auto store = *LocalStore::open(folder.path, name, LocalStore::Access::write);
  CHECK(store->plan_of("r1")->empty());
  REQUIRE(store->keep_plan("r1", "{1}"));
  CHECK(*store->plan_of("r1") == "{1}");
  REQUIRE(store->keep_plan("r2", "{2}"));
  CHECK(*store->plan_of("r2") == "{2}");
  CHECK(store->plan_of("r1")->empty());
}

TEST_CASE("a damaged file is refused with its name and loses nothing") {
  Folder folder;
  std::string path = folder.path + "/shop.dev.sandbox.db";
  std::ofstream(path) << "this is no database, and long enough to have a header of one hundred bytes or more"
                      << std::string(200, 'x');
  auto store = LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE_FALSE(store);
  CHECK(store.error().message().find(path) != std::string::npos);
  std::ifstream after(path);
  std::string first;
  after >> first;
  CHECK(first == "this");
}

TEST_CASE("files are for their owner alone") {
  Folder folder;
  auto store = *LocalStore::open(folder.path + "/state", name, LocalStore::Access::write);
  struct stat status {};
  REQUIRE(::stat((folder.path + "/state").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0700);
  REQUIRE(::stat((folder.path + "/state/shop.dev.sandbox.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
}

TEST_CASE("a broken lock lets another one in and refuses what its former holder writes") {
  Folder folder;
  auto first = *LocalStore::open(folder.path, name, LocalStore::Access::write, request_of("ada@laptop"));
  REQUIRE(first->append({{0, "r1", JournalKind::begin, "", "", "", "", "", 1}}));
  auto reader = *LocalStore::open(folder.path, name, LocalStore::Access::read);
  LockState seen = *reader->lock_state();
  CHECK(seen.held);
  CHECK(seen.lives);
  CHECK(seen.holder.by == "ada@laptop");
  CHECK(seen.holder.name() == "r1");
  REQUIRE(reader->break_lock(seen));
  CHECK_FALSE(reader->lock_state()->held);
  auto second = LocalStore::open(folder.path, name, LocalStore::Access::write, request_of("bob@desk"));
  REQUIRE(second);
  for (Status refused : {first->update({sample("a")}, {}),
                         first->append({{0, "r1", JournalKind::intent, "a", "create", "t", "", "{}", 2}})}) {
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code() == DiagnosticCode::lock_lost);
  }
  CHECK_FALSE(first->use_plan("pl-1", "n"));
  CHECK((*second)->load()->entries.empty());
  CHECK((*second)->history()->size() == 1);
  REQUIRE((*second)->update({sample("a")}, {}));
  // What was seen before is no reason to take it from somebody else.
  Status other = reader->break_lock(seen);
  REQUIRE_FALSE(other);
  CHECK(other.error().code() == DiagnosticCode::lock_held);
  // The former holder's end does not free what is another one's.
  first.reset();
  CHECK(reader->lock_state()->holder.by == "bob@desk");
}

TEST_CASE("waiting for a lock ends when its holder does") {
  Folder folder;
  auto first = *LocalStore::open(folder.path, name, LocalStore::Access::write, request_of("ada@laptop"));
  LockRequest waits = request_of("bob@desk");
  waits.timeout = Duration{60'000'000'000};
  std::string told;
  waits.waiting = [&](const LockHolder& holder) {
    told += holder.by;
    first.reset();
  };
  CHECK(LocalStore::open(folder.path, name, LocalStore::Access::write, waits));
  CHECK(told == "ada@laptop");
}

TEST_CASE("a holder's record comes back, and one of an earlier carbon is a name") {
  LockHolder here = this_holder("apply", 1'790'000'000'000'000'000);
  CHECK(lives_here(here));
  LockHolder read = decode_holder(encode_holder(here));
  CHECK(read.by == here.by);
  CHECK(read.command == "apply");
  CHECK(read.since == here.since);
  CHECK(lives_here(read));
  read.process_start = "1";
  CHECK_FALSE(lives_here(read));
  CHECK(decode_holder("process 12").by == "process 12");
  CHECK(decode_holder("process 12").name().empty());
  CHECK_FALSE(decode_holder("").by.empty());
}

TEST_CASE("what is moved holds everything, and the former place is refused until it is moved back") {
  Folder folder;
  auto from = *LocalStore::open(folder.path + "/a", name, LocalStore::Access::write);
  REQUIRE(from->update({sample("a")}, {}));
  REQUIRE(from->append({{0, "r1", JournalKind::begin, "", "", "", "", "", 1},
                        {0, "r1", JournalKind::intent, "a", "create", "t", "", "{}", 2}}));
  REQUIRE(*from->use_plan("pl-1", "n"));
  REQUIRE(from->keep_plan("r1", "{1}"));
  auto to = *LocalStore::open(folder.path + "/b", name, LocalStore::Access::move_here);
  StoreContent content = *from->content();
  CHECK_FALSE(same_content(content, *to->content()));
  REQUIRE(to->take_over(content));
  CHECK(same_content(content, *to->content()));
  CHECK(to->unfinished()->size() == 2);
  CHECK(*to->plan_was_used("pl-1", "n"));
  CHECK(*to->plan_of("r1") == "{1}");
  REQUIRE(from->retire("over there"));
  from.reset();
  auto gone = LocalStore::open(folder.path + "/a", name, LocalStore::Access::read);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().message().find("over there") != std::string::npos);
  auto back = LocalStore::open(folder.path + "/a", name, LocalStore::Access::move_here);
  REQUIRE(back);
  REQUIRE((*back)->take_over(content));
  back->reset();
  CHECK(LocalStore::open(folder.path + "/a", name, LocalStore::Access::write));
}

TEST_CASE("rows and the events that they belong to are written together or not at all") {
  Folder folder;
  auto store = *LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE(
      store->append({{0, "r1", JournalKind::result, "a", "create", "t", "", "done", 1}}, {sample("a")}, {}));
  REQUIRE(store->append({{0, "r1", JournalKind::result, "b", "create", "u", "", "done", 2}}, {sample("b")},
                        {"a"}));
  CHECK(store->history()->size() == 2);
  Inventory inventory = *store->load();
  CHECK(inventory.entries.size() == 1);
  CHECK(inventory.entries.contains("b"));
  REQUIRE(Database::open(folder.path + "/shop.dev.sandbox.db")->execute("DROP TABLE journal"));
  Status refused = store->append({{0, "r1", JournalKind::end, "", "", "", "", "", 3}}, {}, {"b"});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code() == DiagnosticCode::journal_failed);
  CHECK(store->load()->entries.contains("b"));
}

TEST_CASE("an inventory of another format is left alone") {
  Folder folder;
  CHECK(LocalStore::open(folder.path, name, LocalStore::Access::write));
  REQUIRE(Database::open(folder.path + "/shop.dev.sandbox.db")
              ->execute("UPDATE meta SET value = '2' WHERE key = 'format'"));
  for (auto access : {LocalStore::Access::read, LocalStore::Access::write, LocalStore::Access::move_here}) {
    auto opened = LocalStore::open(folder.path, name, access);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code() == DiagnosticCode::inventory_damaged);
  }
}

TEST_CASE("a row that cannot be read is named, and the rest is not taken for all") {
  Folder folder;
  auto store = *LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE(store->update({sample("a"), sample("b")}, {}));
  REQUIRE(Database::open(folder.path + "/shop.dev.sandbox.db")
              ->execute("UPDATE inventory SET entry = '{}' WHERE address = 'a'"));
  auto loaded = store->load();
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().code() == DiagnosticCode::inventory_damaged);
  CHECK(loaded.error().message().find("`a`") != std::string::npos);
}

TEST_CASE("a database is synced at every commit, and is no link") {
  Folder folder;
  Database database = *Database::open(folder.path + "/a.db");
  Statement level = *database.prepare("PRAGMA synchronous");
  REQUIRE(*level.step());
  CHECK(level.number(0) == 2);  // FULL: sqlite.org/pragma.html#pragma_synchronous
  REQUIRE(::symlink("a.db", (folder.path + "/link.db").c_str()) == 0);
  CHECK_FALSE(Database::open(folder.path + "/link.db"));
}

TEST_CASE("a transaction without a commit leaves nothing, and the next one begins") {
  Folder folder;
  Database database = *Database::open(folder.path + "/a.db");
  REQUIRE(database.execute("CREATE TABLE t (x)"));
  {
    auto transaction = Transaction::begin(database);
    REQUIRE(transaction);
    REQUIRE(database.execute("INSERT INTO t VALUES (1)"));
  }
  auto next = Transaction::begin(database);
  REQUIRE(next);
  REQUIRE(next->commit());
  CHECK_FALSE(*database.prepare("SELECT x FROM t")->step());
}

TEST_CASE("a holder is dead when its process is gone or its number is another one's, on this machine alone") {
  LockHolder here = this_holder("apply", 1);
  CHECK_FALSE(died_here(here));
  LockHolder before = here;
  before.process_start = "1";  // its number belongs to somebody else now
  CHECK(died_here(before));
  LockHolder elsewhere = before;
  elsewhere.boot = "another machine";
  CHECK_FALSE(died_here(elsewhere));
  CHECK_FALSE(lives_here(elsewhere));
}
