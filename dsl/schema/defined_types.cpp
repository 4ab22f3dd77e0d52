#include "dsl/schema/defined_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "dsl/schema/definitions.h"
#include "dsl/schema/schema_converter.h"
#include "dsl/schema/schema_files.h"

namespace carbon {

namespace {

constexpr std::string_view definitions = "Definitions";

class DefinedTypes {
 public:
  DefinedTypes(TypeTable& types, const Patterns& patterns, DefinedPackage package)
      : types_(types),
        package_(std::make_shared<DefinedPackage>(std::move(package))),
        converter_(files_, SchemaDialect::definition, types, patterns) {}

  std::unique_ptr<ResourceType> load(std::string_view kind) {
    if (kind == definitions) return definitions_type();
    if (std::ranges::find(package_->kinds, kind) == package_->kinds.end()) return nullptr;
    Result<std::unique_ptr<ResourceType>> made =
        definition_type({package_->name, {}, types_}, package_->definition(kind), converter_);
    // Cannot fail: a test reads every kind.
    if (!made) return nullptr;
    mark(**made, std::ranges::find(package_->run_once, kind) != package_->run_once.end());
    return std::move(*made);
  }

 private:
  /// Velero's definitions have no status subresource, and its status is Velero's all the same.
  void mark(ResourceType& type, bool once) {
    Type& record = types_.make(TypeKind::record);
    record = *type.schema;
    for (FieldType& field : record.fields) {
      if (field.name == "status") field.flags = FieldFlag::computed;
      if (field.name == "spec" && once) field.flags = field.flags | FieldFlag::immutable;
    }
    type.schema = &record;
  }

  std::unique_ptr<ResourceType> definitions_type() {
    Type& kinds = types_.make(TypeKind::union_);
    for (const std::string& each : package_->kinds) kinds.alternatives.push_back(types_.literal(each));
    Type& record = types_.make(TypeKind::record);
    auto type = std::make_unique<ResourceType>();
    record.name = type->name = fmt::format("{}.{}", package_->name, definitions);
    record.fields = {
        {"kinds", types_.set(&kinds), FieldFlag::none, "Those to install; all if not written"},
        {"patches", types_.map(types_.map(types_.basic(TypeKind::json))), FieldFlag::none,
         "By kind and name, what is laid over a definition, as in k8s.Manifests"},
    };
    type->schema = &record;
    type->provider_type = "k8s.Cluster";
    type->manifests = true;
    type->documents = [package = package_](const Value& desired) { return documents(*package, desired); };
    type->doc = "The CustomResourceDefinitions of the package's kinds, as their vendor publishes them";
    return type;
  }

  static std::vector<Value> documents(const DefinedPackage& package, const Value& desired) {
    const Value* wanted = desired.find("kinds");
    std::vector<Value> all;
    for (const std::string& kind : package.kinds) {
      bool named =
          wanted == nullptr || !wanted->is_sequence() ||
          std::ranges::any_of(wanted->items(), [&](const Value& each) { return each.text() == kind; });
      if (named) all.push_back(package.definition(kind));
    }
    return all;
  }

  TypeTable& types_;
  std::shared_ptr<DefinedPackage> package_;
  ImportedData no_data_;  ///< a definition refers to no other file
  SchemaFiles files_{no_data_};
  SchemaConverter converter_;
};

}  // namespace

void add_defined_types(ResourceTypes& types, const Patterns& patterns, DefinedPackage package) {
  std::string name = package.name;
  std::vector<std::string> names{fmt::format("{}.{}", name, definitions)};
  for (const std::string& kind : package.kinds) names.push_back(fmt::format("{}.{}", name, kind));
  std::ranges::sort(names);
  auto made = std::make_shared<DefinedTypes>(types.types(), patterns, std::move(package));
  types.add_loader(
      std::move(name),
      [made](std::string_view wanted, TypeTable&) { return made->load(wanted.substr(wanted.find('.') + 1)); },
      std::move(names), ResourceTypes::Name::free);
}

}  // namespace carbon
