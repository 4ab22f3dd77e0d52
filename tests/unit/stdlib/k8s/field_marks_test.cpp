#include "stdlib/k8s/field_marks.h"

#include <doctest/doctest.h>

#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/schema_text.h"

using namespace carbon;

namespace {

struct Row {
  std::string_view kind;
  std::string_view path;
};
constexpr Row rows[] = {
#define MARK(kind, path, flags) {kind, path},
#include "stdlib/k8s/field_marks.def"
#undef MARK
};

/// True if the schema has the path; `*` is any field.
bool has_path(std::string_view schema, std::string_view path) {
  if (path == "*") return true;
  std::string_view name = path.substr(0, path.find('.'));
  std::optional<SchemaRecord> record = find_schema(schema);
  if (!record) return false;
  for (const SchemaField& field : record->fields) {
    if (field.name != name) continue;
    if (name.size() == path.size()) return true;
    SchemaTypeText type = split_schema_type(field.type);
    return has_path(type.argument.empty() ? type.head : type.argument, path.substr(name.size() + 1));
  }
  return false;
}

}  // namespace

TEST_CASE("every row names a kind and a field that exist") {
  for (const Row& row : rows) {
    const KubernetesKind* kind = find_kubernetes_kind(row.kind == "*" ? "Deployment" : row.kind);
    REQUIRE_MESSAGE(kind != nullptr, std::string(row.kind));
    CHECK_MESSAGE(has_path(kind->schema, row.path), (std::string(row.kind) + " " + std::string(row.path)));
  }
}

TEST_CASE("an exact name beats the star, at each level") {
  FieldMarks spec = FieldMarks::of("PersistentVolumeClaim").inside("spec");
  CHECK(spec.flags("accessModes") == FieldFlag::immutable);
  CHECK(spec.flags("resources") == FieldFlag::none);
  CHECK(spec.inside("resources").flags("limits") == FieldFlag::immutable);
  CHECK(spec.inside("resources").flags("requests") == FieldFlag::none);
  CHECK(spec.inside("selector").empty());
  CHECK(FieldMarks::of("ConfigMap").inside("spec").empty());
}
