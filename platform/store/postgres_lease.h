#pragma once

#include <optional>
#include <string>

#include "platform/store/lease.h"
#include "platform/store/shared_database.h"

namespace carbon {

/// The lease of a store in PostgreSQL: a part of its row in `carbon.store`.
class PostgresLease : public LeaseServer {
 public:
  PostgresLease(const SharedDatabase& database, std::string store)
      : session_(database), store_(std::move(store)) {}

  Result<std::optional<std::string>> take(const LockHolder& holder, const std::string& dead) override;
  Result<LockState> state() override;
  Result<bool> renew(const std::string& epoch) override;
  void let_go(const std::string& epoch) override;

 private:
  SharedSession session_;
  std::string store_;
};

}  // namespace carbon
