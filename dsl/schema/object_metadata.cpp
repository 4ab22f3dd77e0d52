#include "dsl/schema/object_metadata.h"

#include <string>
#include <string_view>
#include <utility>

namespace carbon {

void name_by_metadata(ResourceType& type, Type& schema, TypeTable& types) {
  auto metadata = [](std::string field) {
    return FieldPath{{FieldStep::field("metadata"), FieldStep::field(std::move(field))}};
  };
  if (type.kubernetes.namespaced) type.identity.push_back(metadata("namespace"));
  type.identity.push_back(metadata("name"));
  if (schema.field("metadata") != nullptr) return;
  Type& record = types.make(TypeKind::record);
  TypePtr string = types.basic(TypeKind::string);
  TypePtr strings = types.map(string);
  FieldFlag named = FieldFlag::identity | FieldFlag::immutable;
  record.fields.push_back({"name", string, named, "Name of the object; from the address if not written"});
  if (type.kubernetes.namespaced)
    record.fields.push_back({"namespace", string, named, "Namespace; the provider's if not written"});
  record.fields.push_back({"labels", strings, FieldFlag::none, ""});
  record.fields.push_back({"annotations", strings, FieldFlag::none, ""});
  for (std::string_view computed : {"uid", "resourceVersion", "creationTimestamp"})
    record.fields.push_back({std::string(computed), string, FieldFlag::computed, ""});
  record.fields.push_back({"generation", types.basic(TypeKind::integer), FieldFlag::computed, ""});
  schema.fields.insert(schema.fields.begin(), {"metadata", &record, FieldFlag::none, ""});
}

}  // namespace carbon
