#include "dsl/check/plan_row.h"

#include <array>

namespace carbon {

namespace {

struct TextColumn {
  std::string_view name;
  std::string PlanRow::*text;
};
constexpr std::array<TextColumn, 7> texts{{{"address", &PlanRow::address},
                                           {"type", &PlanRow::type},
                                           {"action", &PlanRow::action},
                                           {"provider", &PlanRow::provider},
                                           {"identity", &PlanRow::identity},
                                           {"disruption", &PlanRow::disruption},
                                           {"reversibility", &PlanRow::reversibility}}};
struct FlagColumn {
  std::string_view name;
  bool PlanRow::*flag;
};
constexpr std::array<FlagColumn, 2> flags{
    {{"data_bearing", &PlanRow::data_bearing}, {"protect", &PlanRow::protect}}};

void add(Type& record, std::string_view name, TypePtr type) {
  record.fields.push_back({std::string(name), type, FieldFlag::required, ""});
}

TypePtr field_type(TypeTable& types) {
  Type& field = types.make(TypeKind::record);
  add(field, "path", types.basic(TypeKind::string));
  add(field, "before", types.basic(TypeKind::json));
  add(field, "after", types.basic(TypeKind::json));
  add(field, "secret", types.basic(TypeKind::boolean));
  return &field;
}

Entry entry(std::string_view name, Value value) { return {Value::string(name), std::move(value)}; }

Value field_value(const PlanRow::Field& field) {
  return Value::record({entry("path", Value::string(field.path)), entry("before", field.before),
                        entry("after", field.after), entry("secret", Value::boolean(field.secret))});
}

Value row_value(const PlanRow& row) {
  std::vector<Entry> out;
  for (const TextColumn& column : texts) out.push_back(entry(column.name, Value::string(row.*column.text)));
  for (const FlagColumn& column : flags) out.push_back(entry(column.name, Value::boolean(row.*column.flag)));
  out.push_back(entry("stage", Value::integer(row.stage)));
  std::vector<Value> fields;
  for (const PlanRow::Field& field : row.fields) fields.push_back(field_value(field));
  out.push_back(entry("fields", Value::list(std::move(fields))));
  return Value::record(std::move(out));
}

}  // namespace

TypePtr plan_type(TypeTable& types) {
  Type& row = types.make(TypeKind::record);
  row.name = "change";
  for (const TextColumn& column : texts) add(row, column.name, types.basic(TypeKind::string));
  for (const FlagColumn& column : flags) add(row, column.name, types.basic(TypeKind::boolean));
  add(row, "stage", types.basic(TypeKind::integer));
  add(row, "fields", types.list(field_type(types)));
  Type& plan = types.make(TypeKind::record);
  plan.name = "plan";
  add(plan, "changes", types.list(&row));
  return &plan;
}

Value plan_value(std::span<const PlanRow> rows) {
  std::vector<Value> changes;
  changes.reserve(rows.size());
  for (const PlanRow& row : rows) changes.push_back(row_value(row));
  return Value::record({entry("changes", Value::list(std::move(changes)))});
}

}  // namespace carbon
