#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "dsl/schema/schema.h"
#include "dsl/schema/schema_converter.h"

namespace carbon {

/// Whether the document is a CustomResourceDefinition.
[[nodiscard]] bool is_definition(const Value& document);

/// What the kinds are called after, and where they are declared: nowhere, for those that come with carbon.
struct DefinitionPlace {
  std::string_view package;
  SourceSpan span;
  TypeTable& types;
};

/// The kind that one CustomResourceDefinition defines, as `PACKAGE.KIND`. Errors: C0217.
[[nodiscard]] Result<std::unique_ptr<ResourceType>> definition_type(const DefinitionPlace& place,
                                                                    const Value& document,
                                                                    SchemaConverter& converter);

/// The kinds that CustomResourceDefinitions define, as resource types; every document must be one. Errors:
/// C0217.
[[nodiscard]] Result<std::vector<SchemaType>> definition_types(const SchemaInput& input,
                                                               const Value& documents,
                                                               SchemaConverter& converter);

/// Whether a schema's name can be the name of a type.
[[nodiscard]] bool is_type_name(std::string_view name);

}  // namespace carbon
