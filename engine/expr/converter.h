#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "engine/expr/evaluate.h"

namespace carbon {

/// One conversion: knows where in the value it is, so that a message can say `in spec.replicas`. Lives on the
/// stack of `convert`.
class Converter {
 public:
  Converter(SourceSpan span, std::uint32_t root_origin, const Patterns& patterns)
      : span_(span), root_origin_(root_origin), patterns_(patterns) {}

  [[nodiscard]] Result<Value> convert(const Value& value, const Type& type);

 private:
  /// One step on the way down, on the stack of the conversion: the path is spelled out only for an error.
  struct Step {
    std::optional<std::string_view> name;  ///< of a field; else `index` counts
    std::size_t index = 0;
    const Step* outer = nullptr;
  };

  [[nodiscard]] Result<Value> convert_known(const Value& value, const Type& type);
  [[nodiscard]] Result<Value> open(const Value& value, const Type& type) const;

  // Scalars.
  [[nodiscard]] Result<Value> string(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> integer(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> floating(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> boolean(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> blob(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> quantity(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> duration(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> int_or_string(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> literal(const Value& value, const std::vector<TypePtr>& choices) const;
  [[nodiscard]] Result<Value> reference(const Value& value, const Type& type) const;
  [[nodiscard]] Result<Value> with_facets(Value value, const Type& type) const;

  // Collections.
  [[nodiscard]] Result<Value> list(const Value& value, const Type& type);
  [[nodiscard]] Result<Value> map(const Value& value, const Type& type);
  [[nodiscard]] Result<Value> record(const Value& value, const Type& type);
  [[nodiscard]] Result<Value> field(const Entry& entry, const FieldType& type);
  [[nodiscard]] Result<Value> union_(const Value& value, const Type& type);
  [[nodiscard]] Result<Value> json(const Value& value);
  [[nodiscard]] Status unique_keys(std::span<const Value> items, const Type& type) const;
  [[nodiscard]] Result<Value> inside(Step step, const Value& value, const Type& type);

  [[nodiscard]] std::string path_text() const;
  /// An error at the value, or at the whole where the value was written elsewhere.
  [[nodiscard]] tl::unexpected<Error> error(DiagnosticCode code, std::string message, const Value& at,
                                            std::string label, std::string help = {}) const;
  [[nodiscard]] tl::unexpected<Error> mismatch(const Value& value, const Type& type,
                                               std::string help = {}) const;

  SourceSpan span_;
  std::uint32_t root_origin_;
  const Patterns& patterns_;
  const Step* path_ = nullptr;
  /// Inside a field that is secret-bearing: secret handles may stand where its type is plain.
  bool secret_field_ = false;
};

}  // namespace carbon
