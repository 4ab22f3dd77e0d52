#include "dsl/schema/defined_types.h"

#include <doctest/doctest.h>

#include "base/value_json.h"
#include "engine/model/typed_path.h"
#include "stdlib/definitions/definitions.h"
#include "stdlib/k8s/references.h"

using namespace carbon;

namespace {

const Patterns& any_patterns() {
  static const Patterns patterns{nullptr, [](std::string_view) { return std::string(); }};
  return patterns;
}

struct Defined {
  ResourceTypes types;
  Defined() {
    for (const DefinitionPackage& each : definition_packages())
      add_defined_types(
          types, any_patterns(),
          {std::string(each.name), kinds_of(each), definition_reader(each), run_once_kinds(each)});
  }
  const ResourceType& type(std::string_view name) {
    const ResourceType* found = types.find(name);
    REQUIRE_MESSAGE(found != nullptr, std::string(name));
    return *found;
  }
  /// The type of a kind, by group.
  const ResourceType* kind(std::string_view group, std::string_view kind) {
    for (const DefinitionPackage& package : definition_packages()) {
      const ResourceType* found = types.find(std::string(package.name) + "." + std::string(kind));
      if (found != nullptr && found->kubernetes.group == group) return found;
    }
    return nullptr;
  }
};

/// The record at a path, lists and maps stepped through; nullptr where there is none.
const Type* record_at(const Type* type, std::string_view path) {
  for (;;) {
    type = &plain_type(*type);
    while (type->element != nullptr && type->kind != TypeKind::record) type = &plain_type(*type->element);
    if (path.empty()) return type;
    std::string_view name = path.substr(0, path.find('.'));
    path = name.size() == path.size() ? std::string_view() : path.substr(name.size() + 1);
    const FieldType* field = type->field(name);
    if (field == nullptr) return nullptr;
    type = field->type;
  }
}

struct Rule {
  std::string_view holder, path, field, target;
};
constexpr Rule rules[] = {
#define REFERENCE(holder, path, field, target, kind_rule, namespace_rule, need, part) \
  {holder, path, field, target},
#include "stdlib/k8s/references.def"
#undef REFERENCE
};

/// `Secret ns/name path` a line.
std::vector<std::string> references_of(const ResourceType& type, std::string_view json) {
  std::vector<std::string> lines;
  for (const ObjectReference& each : object_references(type, *parse_json(json))) {
    std::string space = each.object_namespace.empty() ? "" : each.object_namespace + "/";
    lines.push_back(each.kind + " " + space + each.name + " " + each.path.text());
  }
  return lines;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("every definition unpacks, and every kind becomes a type") {
  Defined defined;
  std::size_t kinds = 0;
  for (const DefinitionPackage& package : definition_packages()) {
    auto definition = definition_reader(package);
    CHECK(defined.types.names(package.name).size() == package.kinds.size() + 1);
    for (const PackedDefinition& each : package.kinds) {
      const Value& document = definition(each.name);
      REQUIRE_MESSAGE(document.is_fields(), std::string(each.name));
      CHECK(to_json(document).find("{\"$\"") == std::string::npos);
      CHECK(document.find("kind")->text() == "CustomResourceDefinition");
      std::string name = std::string(package.name) + "." + std::string(each.name);
      CHECK(defined.type(name).kubernetes.kind == each.name);
      CHECK(defined.type(name).schema->field("metadata") != nullptr);
      ++kinds;
    }
    CHECK(definition("Nothing").is_null());
  }
  CHECK(kinds == 42);
  CHECK(defined.types.find("velero.Nothing") == nullptr);
}

TEST_CASE("parts that kinds have in common are one value and one type") {
  Defined defined;
  const Type* every = defined.type("velero.Schedule").schema;
  const Type* once = defined.type("velero.Backup").schema;
  CHECK(record_at(every, "spec.template.labelSelector") == record_at(once, "spec.labelSelector"));
}

TEST_CASE("what is carried out once cannot be changed") {
  Defined defined;
  CHECK(has(defined.type("velero.Backup").schema->field("spec")->flags, FieldFlag::immutable));
  CHECK_FALSE(has(defined.type("velero.Schedule").schema->field("spec")->flags, FieldFlag::immutable));
}

TEST_CASE("the definitions themselves are objects, all or those that are named") {
  Defined defined;
  const ResourceType& type = defined.type("velero.Definitions");
  CHECK(type.manifests);
  CHECK(type.documents(*parse_json("{}")).size() == 13);
  std::vector<Value> two = type.documents(*parse_json(R"({"kinds": ["Schedule", "Backup"]})"));
  REQUIRE(two.size() == 2);
  CHECK(two[1].find("metadata")->find("name")->text() == "schedules.velero.io");
}

TEST_CASE("every rule of a custom kind names fields that its definition has") {
  Defined defined;
  std::size_t tried = 0;
  for (const Rule& rule : rules) {
    std::size_t slash = rule.holder.find('/');
    if (slash == std::string_view::npos) continue;
    std::string shown =
        std::string(rule.holder) + " " + std::string(rule.path) + " " + std::string(rule.field);
    const ResourceType* type = defined.kind(rule.holder.substr(0, slash), rule.holder.substr(slash + 1));
    REQUIRE_MESSAGE(type != nullptr, shown);
    const Type* record = record_at(type->schema, rule.path);
    REQUIRE_MESSAGE(record != nullptr, shown);
    CHECK_MESSAGE(record->field(rule.field) != nullptr, shown);
    std::size_t target = rule.target.find('/');
    if (target != std::string_view::npos)
      CHECK(defined.kind(rule.target.substr(0, target), rule.target.substr(target + 1)) != nullptr);
    ++tried;
  }
  CHECK(tried > 30);
}

TEST_CASE("a custom object names its definition, and what its fields say") {
  Defined defined;
  CHECK(references_of(defined.type("velero.Schedule"), R"({"metadata": {"namespace": "velero"}, "spec": {
    "template": {"storageLocation": "main", "volumeSnapshotLocations": ["a", "b"]}}})") ==
        Lines{"Namespace velero metadata.namespace",
              "BackupStorageLocation velero/main spec.template.storageLocation",
              "VolumeSnapshotLocation velero/a spec.template.volumeSnapshotLocations[0]",
              "VolumeSnapshotLocation velero/b spec.template.volumeSnapshotLocations[1]",
              "CustomResourceDefinition schedules.velero.io "});
  const ResourceType& certificate = defined.type("certmanager.Certificate");
  auto issuer = [&](std::string_view reference) {
    return references_of(certificate, R"({"metadata": {"namespace": "web"}, "spec": {"issuerRef": )" +
                                          std::string(reference) + "}}")[1];
  };
  CHECK(issuer(R"({"name": "a"})") == "Issuer web/a spec.issuerRef.name");
  CHECK(issuer(R"({"name": "a", "kind": "ClusterIssuer"})") == "ClusterIssuer a spec.issuerRef.name");
  CHECK(issuer(R"({"name": "a", "kind": "Issuer", "group": "other.example"})") ==
        "Issuer web/a spec.issuerRef.name");
}

TEST_CASE("a schema may have the name of a package that nobody imports") {
  Defined defined;
  CHECK(defined.types.take_name("velero"));
  CHECK(defined.types.find("velero.Schedule") == nullptr);
  defined.types.add_loader("k8s", [](std::string_view, TypeTable&) { return nullptr; }, {"k8s.Pod"});
  CHECK_FALSE(defined.types.take_name("k8s"));
}
