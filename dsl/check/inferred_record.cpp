#include "dsl/check/inferred_record.h"

#include <algorithm>

#include "dsl/check/lowering.h"

namespace carbon {

void InferredRecord::add(std::string_view name, TypePtr type, bool always, SourceSpan span) {
  FieldType made{std::string(name), known(session_.types, type),
                 always ? FieldFlag::required : FieldFlag::none, ""};
  if (!always && made.type->kind != TypeKind::optional) made.type = session_.types.optional(made.type);
  auto same = [&](const FieldType& field) { return field.name == name; };
  auto found = std::find_if(fields_.begin(), fields_.end(), same);
  if (found != fields_.end()) {
    *found = std::move(made);
  } else {
    fields_.push_back(std::move(made));
  }
  if (session_.input.index != nullptr && span.known()) written_.emplace_back(name, span);
}

TypePtr InferredRecord::make() {
  Type& made = session_.types.make(TypeKind::record);
  made.fields = std::move(fields_);
  if (open_) made.open = session_.basic(TypeKind::json);
  for (const auto& [name, span] : written_) {
    session_.input.index->declare_field(&made, name, span);
    session_.input.index->field(span, &made);
  }
  return &made;
}

}  // namespace carbon
