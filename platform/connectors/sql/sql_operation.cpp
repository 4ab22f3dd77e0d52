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

SqlRequest::Mode mode_of(const SqlStep& step) {
  return step.outside_transaction ? SqlRequest::Mode::plain : SqlRequest::Mode::transaction;
}

}  // namespace

SqlOperationRun::SqlOperationRun(const FunctionTable& functions, Value self, Value live)
    : functions_(functions) {
  frame_.slots.resize(static_cast<std::size_t>(OperationSlot::count));
  slot(OperationSlot::self) = std::move(self);
  slot(OperationSlot::live) = std::move(live);
  slot(OperationSlot::rows) = Value::list({});
}

Result<Value> SqlOperationRun::value_of(const Expr& expression) {
  auto no_attribute = [](std::string_view address, std::string_view, SourceSpan span) -> Result<Value> {
    return fail(DiagnosticCode::bad_type_declaration, fmt::format("an operation cannot read `{}`", address),
                span);
  };
  EvalContext context{functions_, no_attribute};
  return evaluate(expression, frame_, context);
}

Result<std::string> SqlOperationRun::text_of(const Expr& expression) {
  Value value = CARBON_TRY(value_of(expression));
  if (!value.is_string())
    return fail(DiagnosticCode::type_mismatch, "an operation needs text here", expression.span);
  return std::string(value.text());
}

Result<bool> SqlOperationRun::holds(const Expr& condition) {
  Value value = CARBON_TRY(value_of(condition));
  if (value.kind() != ValueKind::boolean)
    return fail(DiagnosticCode::type_mismatch, "a condition needs true or false", condition.span);
  return value.as_bool();
}

Result<SqlStatement> SqlOperationRun::statement(const SqlStep& step) {
  SqlStatement statement;
  statement.text = CARBON_TRY(text_of(*step.text));
  for (const Expr* argument : step.arguments)
    statement.parameters.push_back(parameter_text(CARBON_TRY(value_of(*argument))));
  return statement;
}

Result<std::vector<SqlRequest>> SqlOperationRun::requests(const std::vector<const SqlOperation*>& operations,
                                                          const std::string& database) {
  std::vector<SqlRequest> all;
  for (const SqlOperation* operation : operations) {
    for (const SqlStep& step : operation->steps) {
      if (step.when != nullptr && !CARBON_TRY(holds(*step.when))) continue;
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

Result<SqlRequest> SqlOperationRun::read_request(const SqlOperation& read, const std::string& database) {
  SqlRequest request;
  request.database = database;
  request.mode = SqlRequest::Mode::read_only;
  for (const SqlStep& step : read.steps) {
    if (step.when != nullptr && !CARBON_TRY(holds(*step.when))) continue;
    SqlStatement made = CARBON_TRY(statement(step));
    if (step.kind != SqlStep::Kind::query || !is_query(made.text))
      return fail(DiagnosticCode::bad_type_declaration, "a read may only query", step.span);
    request.statements.push_back(std::move(made));
  }
  return request;
}

Status SqlOperationRun::take_rows(const SqlReply& reply) {
  Value rows = reply.results.empty() ? Value::list({}) : CARBON_TRY(rows_value(reply.results.back()));
  slot(OperationSlot::row) = rows.items().empty() ? Value() : rows.items().front();
  slot(OperationSlot::rows) = std::move(rows);
  return {};
}

bool SqlOperationRun::no_rows() const { return slot(OperationSlot::rows).items().empty(); }

Result<Value> SqlOperationRun::taken(const Expr& take, const Type& schema) {
  Value record = CARBON_TRY(value_of(take));
  if (!record.is_fields()) return fail(DiagnosticCode::bad_reply, "`take` gave no record", take.span);
  std::vector<Entry> fields;
  for (const Entry& entry : record.entries()) {
    const FieldType* field = schema.field(entry.key.text());
    if (field == nullptr || entry.value.is_null()) continue;
    Result<Value> converted = convert(entry.value, *field->type, take.span);
    if (!converted)
      return fail(DiagnosticCode::bad_reply,
                  fmt::format("`{}`: {}", field->name, converted.error().message()), take.span);
    fields.push_back({entry.key, std::move(*converted)});
  }
  return Value::record(std::move(fields));
}

}  // namespace carbon
