#pragma once

#include <functional>
#include <memory>
#include <string>

#include "platform/store/store.h"

namespace carbon::test {

/// Opens one of the stores of the same server.
using SharedStoreOpener =
    std::function<Result<std::unique_ptr<Store>>(const StoreName&, Store::Access, const LockRequest&)>;

/// An entry with texts that a careless encoding breaks.
[[nodiscard]] InventoryEntry shared_sample(const std::string& address);

/// Whom another machine knows nothing of.
[[nodiscard]] LockRequest far_request(const std::string& by);

/// What every shared inventory must do: rows, events, plans, lease, fence, key and moving. With doctest's
/// checks; takes some seconds, as leases do.
void check_shared_store(const SharedStoreOpener& open);

}  // namespace carbon::test
