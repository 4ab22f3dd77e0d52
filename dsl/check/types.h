#pragma once

#include "dsl/check/session.h"

namespace carbon {

/// What a type node that names an instance's kind stands for: exactly one is set, or none after an error.
struct InstanceType {
  const ResourceType* resource = nullptr;
  const Component* component = nullptr;
  bool optional = false;  ///< `T?`
};

/// Source types to Types, in the names of one package. Aliases are followed where they stand, so order does
/// not matter. Errors: C0203, C0218 for a record that holds itself, C0304 for aliases that need each other.
class TypeLowering {
 public:
  TypeLowering(Session& session, std::uint32_t package) : session_(session), package_(package) {}

  /// Never nullptr: `json` stands for what could not be lowered, and the error is reported.
  [[nodiscard]] TypePtr lower(NodeRef type);
  /// The type behind `resource x :`, `use x :` and the like.
  [[nodiscard]] InstanceType instance_type(NodeRef type);
  /// The resource type that an expression names, as in `resources(minio.Bucket)`; nullptr after an error.
  [[nodiscard]] const ResourceType* named(NodeRef expression);
  /// A declared type, lowered if need be.
  [[nodiscard]] TypePtr declared(TypeEntry& entry);
  /// Whose fields these are: only those of an object are compared by themselves.
  enum class FieldsOf : std::uint8_t { record, object };
  /// The items of a record type or of the body of `type … via`. Settings are left out.
  void fields(NodeRef body, Type& record, FieldsOf of = FieldsOf::record);

 private:
  [[nodiscard]] TypePtr path(NodeRef type);
  [[nodiscard]] TypePtr qualified(NodeRef package, NodeRef name);
  [[nodiscard]] TypePtr imported(SchemaType& type, const Import& import);
  [[nodiscard]] TypePtr local(NodeRef name);
  /// What the name stands for as a type, or nullptr.
  [[nodiscard]] TypePtr meant(const NameEntry& entry);
  [[nodiscard]] TypePtr generic(std::string_view name, NodeRef type);
  [[nodiscard]] TypePtr with_facets(TypePtr base, NodeRef facets);
  [[nodiscard]] TypePtr union_of(NodeRef type);
  [[nodiscard]] TypePtr unknown(std::string_view name, SourceSpan span, std::vector<std::string_view> near);
  [[nodiscard]] FieldFlag field_words(NodeRef field, FieldType& made, FieldsOf of);
  void field_word(NodeRef word, FieldType& made, FieldsOf of);
  void keys_of(NodeRef word, Type& list);

  Session& session_;
  std::uint32_t package_;
};

/// Makes the ResourceType of every `type … via`, schemas first, then operations. Errors: C0106, C0111, C0112,
/// C0211, C0218 and those of types and expressions.
void declare_resource_types(Session& session);

}  // namespace carbon
