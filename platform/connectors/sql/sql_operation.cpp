#include "platform/connectors/sql/sql_operation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "platform/connectors/sql/sql_values.h"

namespace carbon {

namespace {

/// The first word of a statement, in lower case; comments and brackets before it are skipped.
std::string first_word(std::string_view text) {
  auto skip_to = [&](std::string_view end) {
    auto at = text.find(end);
    text = at == std::string_view::npos ? std::string_view() : text.substr(at + end.size());
  };
  while (!text.empty()) {
    if (text.starts_with("--")) {
      skip_to("\n");
    } else if (text.starts_with("/*")) {
      skip_to("*/");
    } else if (std::string_view(" \t\r\n(").find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else {
      break;
    }
  }
  std::string word;
  for (char c : text) {
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!letter) break;
    word += static_cast<char>(c | 0x20);
  }
  return word;
}

/// A READ ONLY transaction refuses writes, but not a statement that ends it or makes it writable.
bool is_query(std::string_view text) {
  constexpr std::array<std::string_view, 5> words{"select", "with", "values", "table", "show"};
  std::string word = first_word(text);
  return std::find(words.begin(), words.end(), word) != words.end();
}

SqlRequest::Mode mode_of(const OperationStep& step) {
  return step.outside_transaction ? SqlRequest::Mode::plain : SqlRequest::Mode::transaction;
}

}  // namespace

Result<SqlStatement> SqlOperationRun::statement(const OperationStep& step) {
  SqlStatement statement;
  statement.text = CARBON_TRY(run_.text_of(*step.text));
  for (const Expr* argument : step.arguments)
    statement.parameters.push_back(parameter_text(CARBON_TRY(run_.value_of(*argument))));
  return statement;
}

Result<std::vector<SqlRequest>> SqlOperationRun::requests(const std::vector<const Operation*>& operations,
                                                          const std::string& database) {
  std::vector<SqlRequest> all;
  for (const Operation* operation : operations) {
    for (const OperationStep& step : operation->steps) {
      if (step.when != nullptr && !CARBON_TRY(run_.holds(*step.when))) continue;
      SqlStatement made = CARBON_TRY(statement(step));
      bool joins = !all.empty() && !step.outside_transaction && all.back().mode == mode_of(step);
      if (!joins) {
        all.emplace_back();
        all.back().database = database;
        all.back().mode = mode_of(step);
      }
      all.back().statements.push_back(std::move(made));
    }
  }
  return all;
}

Result<SqlRequest> SqlOperationRun::read_request(const Operation& read, const std::string& database) {
  SqlRequest request;
  request.database = database;
  request.mode = SqlRequest::Mode::read_only;
  for (const OperationStep& step : read.steps) {
    if (step.when != nullptr && !CARBON_TRY(run_.holds(*step.when))) continue;
    SqlStatement made = CARBON_TRY(statement(step));
    if (step.kind != OperationStep::Kind::query || !is_query(made.text))
      return fail(DiagnosticCode::bad_type_declaration, "a read may only query", step.span);
    request.statements.push_back(std::move(made));
  }
  return request;
}

Status SqlOperationRun::take_rows(const SqlReply& reply) {
  Value rows = reply.results.empty() ? Value::list({}) : CARBON_TRY(rows_value(reply.results.back()));
  run_.slot(OperationSlot::row) = rows.items().empty() ? Value() : rows.items().front();
  run_.slot(OperationSlot::rows) = std::move(rows);
  return {};
}

bool SqlOperationRun::no_rows() const { return run_.slot(OperationSlot::rows).items().empty(); }

}  // namespace carbon
