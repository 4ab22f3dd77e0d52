#include "engine/plan/type_checks.h"

#include <fmt/format.h>

#include "engine/expr/evaluate.h"

namespace carbon {

namespace {

Result<Value> still_open(std::string_view address, std::string_view path, SourceSpan) {
  return Value::unknown_attribute(address, path);
}

}  // namespace

Status check_desired(const ResourceType& type, const Value& desired, const FunctionTable& functions) {
  if (type.checks.empty() || !desired.is_fields()) return {};
  Frame frame;
  frame.slots.resize(static_cast<std::size_t>(OperationSlot::count));
  // What is not written reads as null.
  std::vector<Entry> fields(desired.entries().begin(), desired.entries().end());
  for (const FieldType& field : type.schema->fields) {
    if (desired.find(field.name) == nullptr) fields.push_back({Value::string(field.name), Value()});
  }
  frame.slots[static_cast<std::size_t>(OperationSlot::self)] = Value::record(std::move(fields));
  EvalContext context{functions, still_open};
  for (const TypeCheck& check : type.checks) {
    Result<Value> holds = evaluate(*check.condition, frame, context);
    // An unknown would decide which side is evaluated.
    if (!holds && holds.error().code() == DiagnosticCode::unknown_key) continue;
    if (!holds) return fail(holds.error());
    bool passes = holds->contains_unknown() || (holds->kind() == ValueKind::boolean && holds->as_bool());
    if (passes) continue;
    Result<Value> message = evaluate(*check.message, frame, context);
    bool said = message && message->is_string();
    return fail(DiagnosticCode::check_failed, said ? std::string(message->text())
                                                   : fmt::format("a check of `{}` does not hold", type.name));
  }
  return {};
}

}  // namespace carbon
