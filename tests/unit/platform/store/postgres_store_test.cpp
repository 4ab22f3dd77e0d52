#include "platform/store/postgres_store.h"

#include <doctest/doctest.h>

#include "platform/io/network_driver.h"
#include "tests/support/private_postgres.h"
#include "tests/unit/platform/store/shared_store_check.h"

using namespace carbon;

TEST_CASE("a shared inventory: rows, events, plans, lease and key, against a real server") {
  test::PrivatePostgres server;
  if (!server.why_not().empty()) {
    MESSAGE("skipped: " << server.why_not());
    return;
  }
  SharedDatabase database{server.endpoint(), "postgres", [] { return std::make_unique<NetworkDriver>(); }};
  test::check_shared_store([&](const StoreName& name, Store::Access access,
                               const LockRequest& request) -> Result<std::unique_ptr<Store>> {
    return CARBON_TRY(PostgresStore::open(database, name, access, request));
  });
}
