#include "platform/connectors/operations/operation_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <span>

namespace carbon {

namespace {

bool covers(const Operation& operation, const FieldPath& changed) {
  return std::any_of(operation.fields.begin(), operation.fields.end(), [&](const FieldPath& field) {
    return field.steps.size() <= changed.steps.size() &&
           std::equal(field.steps.begin(), field.steps.end(), changed.steps.begin());
  });
}

/// The value with null at the end of the path, as far as names lead there; what is written stays.
Value with_null(const Value& value, std::span<const FieldStep> path) {
  const FieldStep& step = path.front();
  // What has a key may be an item of a list, where nothing is left to tell.
  bool keyed = step.kind == FieldStep::Kind::key && step.key.size() == 1 && value.is_fields();
  bool named = step.kind == FieldStep::Kind::name && (value.is_fields() || value.is_null());
  if (!keyed && !named) return value;
  const std::string& name = keyed ? step.key.front() : step.name;
  std::vector<Entry> entries;
  if (value.is_fields()) entries.assign(value.entries().begin(), value.entries().end());
  auto entry = std::find_if(entries.begin(), entries.end(),
                            [&](const Entry& each) { return each.key.text() == name; });
  bool there = entry != entries.end();
  if (there && path.size() == 1) return value;
  Value below = path.size() == 1 ? Value() : with_null(there ? entry->value : Value(), path.subspan(1));
  if (there)
    entry->value = std::move(below);
  else
    entries.push_back({Value::string(name), std::move(below)});
  return value.kind() == ValueKind::map ? Value::map(std::move(entries)) : Value::record(std::move(entries));
}

Result<Value> no_attribute(std::string_view address, std::string_view, SourceSpan span) {
  return fail(DiagnosticCode::bad_type_declaration, fmt::format("an operation cannot read `{}`", address),
              span);
}

/// A reference stands in a reply as the identity that the server names it by.
bool is_reference(const Type& type) {
  return type.kind == TypeKind::reference ||
         (type.kind == TypeKind::optional && type.element != nullptr && is_reference(*type.element));
}

}  // namespace

OperationRun::OperationRun(const FunctionTable& functions, Value self, Value live) : functions_(functions) {
  frame_.slots.resize(static_cast<std::size_t>(OperationSlot::count));
  slot(OperationSlot::self) = std::move(self);
  slot(OperationSlot::live) = std::move(live);
  slot(OperationSlot::rows) = Value::list({});
}

Result<Value> OperationRun::value_of(const Expr& expression) const {
  EvalContext context{functions_, no_attribute};
  return evaluate(expression, frame_, context);
}

Result<std::string> OperationRun::text_of(const Expr& expression) const {
  Value value = CARBON_TRY(value_of(expression));
  if (!value.is_string())
    return fail(DiagnosticCode::type_mismatch, "an operation needs text here", expression.span);
  return std::string(value.text());
}

Result<bool> OperationRun::holds(const Expr& condition) const {
  Value value = CARBON_TRY(value_of(condition));
  if (value.kind() != ValueKind::boolean)
    return fail(DiagnosticCode::type_mismatch, "a condition needs true or false", condition.span);
  return value.as_bool();
}

Result<Value> OperationRun::taken(const Expr& take, const ResourceType& type) const {
  Value record = CARBON_TRY(value_of(take));
  if (!record.is_fields()) return fail(DiagnosticCode::bad_reply, "`take` gave no record", take.span);
  std::vector<Entry> fields;
  for (const Entry& entry : record.entries()) {
    const FieldType* field = type.schema->field(entry.key.text());
    if (field == nullptr || entry.value.is_null()) continue;
    Result<Value> converted = is_reference(*field->type) ? Result<Value>(entry.value)
                                                         : convert(entry.value, *field->type, take.span);
    if (converted) converted = normalized(type, field->name, *converted, functions_);
    if (!converted)
      return fail(DiagnosticCode::bad_reply,
                  fmt::format("`{}`: {}", field->name, converted.error().message()), take.span);
    fields.push_back({entry.key, std::move(*converted)});
  }
  return Value::record(std::move(fields));
}

Result<std::vector<const Operation*>> updates_for(const Operations& operations,
                                                  const std::vector<FieldPath>& changed) {
  std::vector<const Operation*> chosen;
  std::vector<FieldPath> rest = changed;
  auto plain = std::find_if(operations.updates.begin(), operations.updates.end(),
                            [](const Operation& each) { return each.fields.empty(); });
  for (const Operation& operation : operations.updates) {
    auto end = std::remove_if(rest.begin(), rest.end(),
                              [&](const FieldPath& path) { return covers(operation, path); });
    if (end == rest.end()) continue;
    rest.erase(end, rest.end());
    chosen.push_back(&operation);
  }
  if (rest.empty()) return chosen;
  if (plain == operations.updates.end())
    return fail(DiagnosticCode::server_refused, fmt::format("`{}` cannot be changed", rest.front().text()));
  auto place =
      std::find_if(chosen.begin(), chosen.end(), [&](const Operation* each) { return each > &*plain; });
  chosen.insert(place, &*plain);
  return chosen;
}

Value with_nulls(const Value& desired, const std::vector<FieldPath>& removed) {
  Value all = desired;
  for (const FieldPath& path : removed) all = with_null(all, path.steps);
  return all;
}

Result<Value> normalized(const ResourceType& type, std::string_view field, const Value& value,
                         const FunctionTable& functions) {
  auto rule = std::find_if(type.normalize.begin(), type.normalize.end(),
                           [&](const Normalization& each) { return each.field == field; });
  if (rule == type.normalize.end() || value.is_null()) return value;
  Frame frame;
  frame.slots = {value};
  EvalContext context{functions, no_attribute};
  return evaluate(*rule->value, frame, context);
}

}  // namespace carbon
