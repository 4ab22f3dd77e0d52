#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "engine/expr/evaluate.h"
#include "engine/model/resource_type.h"
#include "engine/ports/io.h"

namespace carbon {

/// Evaluates the expressions of an SQL type's operations over one object (OperationSlot): `self` desired,
/// `live` as last read, `row` and `rows` of the last query. Pure. Made for one object and one operation.
class SqlOperationRun {
 public:
  SqlOperationRun(const FunctionTable& functions, Value self, Value live);

  /// The statements of an operation whose `when` holds, put together into requests: neighbours inside a
  /// transaction are one, `outside_transaction` ones stand alone. Errors are those of the expressions.
  [[nodiscard]] Result<std::vector<SqlRequest>> requests(const std::vector<const SqlOperation*>& operations,
                                                         const std::string& database);
  /// The statements of a read as one READ ONLY request. Errors: forbidden for a statement that is no query.
  [[nodiscard]] Result<SqlRequest> read_request(const SqlOperation& read, const std::string& database);

  /// Makes `row` and `rows` from the results of a read.
  [[nodiscard]] Status take_rows(const SqlReply& reply);
  [[nodiscard]] bool no_rows() const;
  [[nodiscard]] Result<bool> holds(const Expr& condition);
  /// A record of fields, each converted to its type in the schema; nulls left out.
  [[nodiscard]] Result<Value> taken(const Expr& take, const Type& schema);
  [[nodiscard]] Result<std::string> text_of(const Expr& expression);

 private:
  [[nodiscard]] Result<Value> value_of(const Expr& expression);
  [[nodiscard]] Result<SqlStatement> statement(const SqlStep& step);
  Value& slot(OperationSlot which) { return frame_.slots[static_cast<std::size_t>(which)]; }
  [[nodiscard]] const Value& slot(OperationSlot which) const {
    return frame_.slots[static_cast<std::size_t>(which)];
  }

  const FunctionTable& functions_;
  Frame frame_;
};

}  // namespace carbon
