#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/ports/io.h"
#include "platform/connectors/operations/operation_run.h"

namespace carbon {

/// The statements of an SQL type's operations over one object, and `row` and `rows` of the last query. Pure.
/// Made for one object and one operation.
class SqlOperationRun {
 public:
  SqlOperationRun(const FunctionTable& functions, Value self, Value live)
      : run_(functions, std::move(self), std::move(live)) {}

  /// The statements of an operation whose `when` holds, put together into requests: neighbours inside a
  /// transaction are one, `outside_transaction` ones stand alone. Errors are those of the expressions.
  [[nodiscard]] Result<std::vector<SqlRequest>> requests(const std::vector<const Operation*>& operations,
                                                         const std::string& database);
  /// The statements of a read as one READ ONLY request. Errors: forbidden for a statement that is no query.
  [[nodiscard]] Result<SqlRequest> read_request(const Operation& read, const std::string& database);

  /// Makes `row` and `rows` from the results of a read.
  [[nodiscard]] Status take_rows(const SqlReply& reply);
  [[nodiscard]] bool no_rows() const;
  [[nodiscard]] const OperationRun& run() const { return run_; }

 private:
  [[nodiscard]] Result<SqlStatement> statement(const OperationStep& step);

  OperationRun run_;
};

}  // namespace carbon
