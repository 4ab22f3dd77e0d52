#include "platform/store/local_store.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

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
  auto first = LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE(first);
  auto second = LocalStore::open(folder.path, name, LocalStore::Access::write);
  REQUIRE_FALSE(second);
  CHECK(second.error().code() == DiagnosticCode::lock_held);
  CHECK(second.error().message().find(std::to_string(::getpid())) != std::string::npos);
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
