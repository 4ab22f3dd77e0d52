#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/type.h"
#include "dsl/schema/schema.h"
#include "dsl/schema/schema_files.h"

namespace carbon {

/// Whose rules a schema follows. CRDs are structural (KEP-2335): the shape stands in `type`, `properties` and
/// `items` alone, other fields are dropped by the server, and it judges what a type cannot say.
enum class SchemaDialect : std::uint8_t { definition, open_api, json_schema };

/// Where a schema stands, for people, and how deep.
struct SchemaPlace {
  std::string where;
  std::size_t depth = 0;

  [[nodiscard]] SchemaPlace inside(std::string_view step) const {
    return {where + std::string(step), depth + 1};
  }
};

/// Makes types out of the schemas of one import. What a `$ref` names is made once. One check; one thread.
class SchemaConverter {
 public:
  SchemaConverter(SchemaFiles& files, SchemaDialect dialect, TypeTable& types, const Patterns& patterns)
      : files_(files), dialect_(dialect), types_(types), patterns_(patterns) {}
  SchemaConverter(const SchemaConverter&) = delete;
  SchemaConverter& operator=(const SchemaConverter&) = delete;

  /// Errors: C0217, C0305; their message begins with the place.
  [[nodiscard]] Result<TypePtr> type_of(const Value& schema, const SchemaPlace& at);
  /// What the record behind an absolute `$ref` is called.
  void name(const std::string& reference, std::string name) { names_[reference] = std::move(name); }
  /// What was left out since it was last asked.
  [[nodiscard]] std::vector<SchemaGap> take_gaps();

 private:
  static constexpr std::size_t deepest = 64;
  static constexpr std::size_t most_schemas = 100'000;

  struct Made {
    TypePtr type = nullptr;
    std::vector<SchemaGap> gaps;
  };
  /// The fields and limits of a list, map or record being made.
  struct Shape {
    const Value& schema;
    const SchemaPlace& at;
  };

  // schema_converter.cpp
  [[nodiscard]] Result<TypePtr> reference(const Value& schema, const SchemaPlace& at);
  [[nodiscard]] Result<TypePtr> bare(const Value& schema, const SchemaPlace& at, bool& nullable);
  [[nodiscard]] Result<TypePtr> of_kind(std::string_view kind, const Value& schema, const SchemaPlace& at);
  [[nodiscard]] Result<TypePtr> array(const Value& schema, const SchemaPlace& at);
  [[nodiscard]] Status keys(Type& list, const Shape& shape);
  [[nodiscard]] Result<TypePtr> object(const Value& schema, const SchemaPlace& at);
  [[nodiscard]] Status fields(Type& record, const Shape& shape);
  [[nodiscard]] Result<FieldType> field(std::string_view name, const Value& schema, const Shape& shape,
                                        bool required);
  void unknown_words(const Value& schema, const SchemaPlace& at);

  // schema_scalars.cpp
  [[nodiscard]] Result<TypePtr> text(const Value& schema, const SchemaPlace& at);
  [[nodiscard]] Result<TypePtr> number(TypeKind kind, const Value& schema, const SchemaPlace& at);
  [[nodiscard]] TypePtr int_or_string(const Value& schema);
  [[nodiscard]] std::string pattern(const Value& schema, const SchemaPlace& at);
  /// nullptr when the enum is of other things than text.
  [[nodiscard]] TypePtr literals(const Value& schema, const SchemaPlace& at, bool& nullable);
  [[nodiscard]] Status sizes(Type& type, const Shape& shape, std::string_view least, std::string_view most);

  // schema_combined.cpp
  /// The schema with `allOf`, and the `$ref`s in it, put together.
  [[nodiscard]] Result<Value> merged(const Value& schema, const SchemaPlace& at);
  [[nodiscard]] Result<TypePtr> alternatives(std::string_view word, const Value& schema,
                                             const SchemaPlace& at, bool& nullable);
  [[nodiscard]] TypePtr union_of(const std::vector<TypePtr>& types);

  [[nodiscard]] tl::unexpected<Error> bad(const SchemaPlace& at, std::string_view what) const;
  /// Nothing for definitions, whose server judges the rest.
  void gap(const SchemaPlace& at, std::string what);
  [[nodiscard]] TypePtr json() const { return types_.basic(TypeKind::json); }
  [[nodiscard]] bool structural() const { return dialect_ == SchemaDialect::definition; }

  SchemaFiles& files_;
  SchemaDialect dialect_;
  TypeTable& types_;
  const Patterns& patterns_;
  std::size_t schemas_ = 0;
  std::map<std::string, Made, std::less<>> made_;  ///< by `$ref`
  std::set<std::string, std::less<>> open_;        ///< `$ref`s that are being made
  /// Of definitions, by what documents share in memory: a pod's template stands in many places of one.
  std::unordered_map<const Entry*, TypePtr> shared_;
  std::map<std::string, std::string, std::less<>> names_;
  std::string naming_;  ///< of the record that is made next
  std::vector<SchemaGap> gaps_;
};

/// A description for people: one safe line.
[[nodiscard]] std::string schema_doc(const Value& schema);
/// Whether the word only describes (`title`, `x-…`), and says nothing of what may stand there.
[[nodiscard]] bool is_annotation(std::string_view word);
[[nodiscard]] bool says_true(const Value& schema, std::string_view word);

}  // namespace carbon
