#pragma once

#include <string>

#include "engine/ports/io.h"

namespace carbon::test {

/// A PostgreSQL of this process alone, started by tests/real/postgres in a temporary folder and gone with
/// this object. `why_not` says why there is none.
class PrivatePostgres {
 public:
  PrivatePostgres();
  PrivatePostgres(const PrivatePostgres&) = delete;
  PrivatePostgres& operator=(const PrivatePostgres&) = delete;
  ~PrivatePostgres();

  [[nodiscard]] const std::string& why_not() const { return why_not_; }
  [[nodiscard]] const SqlEndpoint& endpoint() const { return endpoint_; }

 private:
  [[nodiscard]] int script(const std::string& verb) const;

  std::string folder_;
  std::string why_not_;
  SqlEndpoint endpoint_;
};

}  // namespace carbon::test
