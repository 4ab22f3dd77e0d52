#include "engine/model/kept.h"

#include <algorithm>

namespace carbon {

namespace {

bool is_secret(const Type& type) {
  return type.kind == TypeKind::secret ||
         (type.kind == TypeKind::optional && type.element != nullptr && is_secret(*type.element));
}

}  // namespace

std::string path_in_sink(std::string_view field) {
  return FieldPath{{FieldStep::field("stringData"), FieldStep::field(std::string(field))}}.text();
}

bool is_told_once(const ResourceType& type, std::string_view field) {
  if (!sends_requests(type.transport)) return false;
  const FieldType* known = type.schema->field(field);
  if (known == nullptr || !has(known->flags, FieldFlag::computed) || !is_secret(*known->type)) return false;
  return !takes(type.operations.read, field) && !takes(type.operations.list, field);
}

bool can_reissue(const ResourceType& type, std::string_view field) {
  return std::ranges::any_of(type.operations.updates, [&](const Operation& update) {
    return std::ranges::any_of(update.fields, [&](const FieldPath& path) { return path.text() == field; });
  });
}

}  // namespace carbon
