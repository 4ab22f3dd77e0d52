// CustomResourceDefinitions (apiextensions.k8s.io/v1) to resource types.

#include "dsl/schema/definitions.h"

#include <fmt/format.h>
#include <algorithm>
#include <memory>

#include "dsl/schema/object_metadata.h"

namespace carbon {

namespace {

constexpr std::string_view api_version = "apiextensions.k8s.io/v1";

std::string_view text_at(const Value& value, std::string_view name) {
  const Value* found = value.find(name);
  return found != nullptr && found->is_string() ? found->text() : std::string_view();
}

const Value& value_at(const Value& value, std::string_view name) {
  static const Value nothing;
  const Value* found = value.find(name);
  return found == nullptr ? nothing : *found;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Part of a URL's path: lower-case letters, digits and `-`, for groups also `.`.
bool is_dns(std::string_view name, bool dots) {
  return !name.empty() && name.size() <= 253 && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || (dots && c == '.');
  });
}

tl::unexpected<Error> bad(std::string_view where, std::string_view what) {
  return fail(DiagnosticCode::bad_import_data, fmt::format("`{}`: {}", where, what));
}

/// The served version that is stored; where the stored one is not served, the first that is.
const Value* chosen_version(const Value& spec) {
  const Value& versions = value_at(spec, "versions");
  const Value* chosen = nullptr;
  if (!versions.is_sequence()) return nullptr;
  for (const Value& version : versions.items()) {
    if (!says_true(version, "served")) continue;
    if (chosen == nullptr || says_true(version, "storage")) chosen = &version;
  }
  return chosen;
}

/// One definition while it is read.
class Definition {
 public:
  Definition(const DefinitionPlace& place, SchemaConverter& converter, const Value& document)
      : place_(place), converter_(converter), spec_(value_at(document, "spec")) {}

  Result<std::unique_ptr<ResourceType>> read() {
    auto type = std::make_unique<ResourceType>();
    KubernetesApi& api = type->kubernetes;
    CARBON_CHECK(names(api));
    const Value* version = chosen_version(spec_);
    if (version == nullptr) return bad(api.kind, "none of its versions is served");
    api.version = text_at(*version, "name");
    if (!is_dns(api.version, false)) return bad(api.kind, "a version without a proper name");
    const Value& schema = value_at(value_at(*version, "schema"), "openAPIV3Schema");
    if (!schema.is_fields())
      return bad(api.kind, fmt::format("version {} has no `openAPIV3Schema`", api.version));
    TypePtr fields = CARBON_TRY(converter_.type_of(schema, {api.kind, 0}));
    Type& record = place_.types.make(TypeKind::record);
    if (fields->kind == TypeKind::record) {
      record = *fields;
    } else if (fields->kind == TypeKind::json || fields->kind == TypeKind::map) {
      record.open = place_.types.basic(TypeKind::json);
    } else {
      return bad(api.kind, "its schema is not of an object");
    }
    type->name = fmt::format("{}.{}", place_.package, api.kind);
    record.name = type->name;
    type->schema = &record;
    type->provider_type = "k8s.Cluster";
    type->doc = schema_doc(schema);
    type->span = place_.span;
    complete(record, *version);
    name_by_metadata(*type, record, place_.types);
    return type;
  }

 private:
  Status names(KubernetesApi& api) {
    const Value& names = value_at(spec_, "names");
    api.group = text_at(spec_, "group");
    api.kind = text_at(names, "kind");
    api.plural = text_at(names, "plural");
    if (!is_type_name(api.kind)) return bad("spec.names.kind", "this is no name of a kind");
    if (!is_dns(api.group, true)) return bad(api.kind, "`spec.group` is no DNS name");
    if (!is_dns(api.plural, false)) return bad(api.kind, "`spec.names.plural` is no DNS label");
    std::string_view scope = text_at(spec_, "scope");
    if (scope != "Namespaced" && scope != "Cluster")
      return bad(api.kind, "`spec.scope` is neither `Namespaced` nor `Cluster`");
    api.namespaced = scope == "Namespaced";
    return {};
  }

  /// The fields that every object has stand in no schema, or in no useful one.
  static void complete(Type& record, const Value& version) {
    std::erase_if(record.fields, [](const FieldType& field) {
      return field.name == "apiVersion" || field.name == "kind" || field.name == "metadata";
    });
    bool apart = value_at(version, "subresources").find("status") != nullptr;
    for (FieldType& field : record.fields) {
      if (field.name == "status" && apart) field.flags = FieldFlag::computed;
    }
  }

  const DefinitionPlace& place_;
  SchemaConverter& converter_;
  const Value& spec_;
};

}  // namespace

bool is_type_name(std::string_view name) {
  return !name.empty() && name.size() <= 253 && (is_letter(name.front()) || name.front() == '_') &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '_'; });
}

bool is_definition(const Value& document) { return text_at(document, "kind") == "CustomResourceDefinition"; }

Result<std::unique_ptr<ResourceType>> definition_type(const DefinitionPlace& place, const Value& document,
                                                      SchemaConverter& converter) {
  return Definition(place, converter, document).read();
}

Result<std::vector<SchemaType>> definition_types(const SchemaInput& input, const Value& documents,
                                                 SchemaConverter& converter) {
  DefinitionPlace place{input.import.name, input.import.span, input.types.types()};
  std::vector<SchemaType> made;
  for (std::size_t i = 0; i < documents.items().size(); ++i) {
    const Value& document = documents.items()[i];
    std::string where = fmt::format("document {}", i + 1);
    if (!is_definition(document))
      return bad(where, "this is no CustomResourceDefinition; move it out of the file");
    if (text_at(document, "apiVersion") != api_version) {
      return bad(where, fmt::format("`apiVersion` is `{}`, and only `{}` is read",
                                    text_at(document, "apiVersion"), api_version));
    }
    std::unique_ptr<ResourceType> type = CARBON_TRY(definition_type(place, document, converter));
    const std::string& kind = type->kubernetes.kind;
    bool twice =
        std::any_of(made.begin(), made.end(), [&](const SchemaType& each) { return each.name == kind; });
    if (twice) return bad(kind, "two definitions of one kind in one file");
    std::string name = kind;
    made.push_back({std::move(name), nullptr, &input.types.add(std::move(type)), converter.take_gaps()});
  }
  return made;
}

}  // namespace carbon
