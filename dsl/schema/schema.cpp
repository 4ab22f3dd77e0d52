#include "dsl/schema/schema.h"

#include <fmt/format.h>
#include <algorithm>

#include "dsl/schema/definitions.h"
#include "dsl/schema/schema_converter.h"
#include "dsl/schema/schema_files.h"

namespace carbon {

namespace {

/// Types of values: each named schema of an OpenAPI or JSON Schema document.
class ValueTypes {
 public:
  ValueTypes(const SchemaInput& input, SchemaFiles& files, SchemaDialect dialect)
      : input_(input), converter_(files, dialect, input.types.types(), input.patterns) {}

  Status add_all(const Value& schemas, std::string_view pointer) {
    if (!schemas.is_fields()) return bad(pointer, "an object of schemas is expected");
    auto reference = [&](const Entry& entry) {
      return fmt::format("/{}#{}/{}", input_.import.path, pointer, escaped(entry.key.text()));
    };
    // Each may be reached through another before it is its turn.
    for (const Entry& entry : schemas.entries()) name(reference(entry), entry.key.text());
    for (const Entry& entry : schemas.entries()) CARBON_CHECK(add(entry.key.text(), reference(entry)));
    return {};
  }

  /// By a `$ref`, so that what others say of it is the same type.
  Status add(std::string_view written, const std::string& reference) {
    std::string name = type_name(written);
    bool twice =
        std::any_of(made_.begin(), made_.end(), [&](const SchemaType& each) { return each.name == name; });
    if (twice) return bad(name, "two schemas of the file have this name");
    this->name(reference, written);
    Value schema = Value::map({{Value::string("$ref"), Value::string(reference)}});
    SchemaType type;
    Result<TypePtr> read = converter_.type_of(schema, {name, 0});
    // One odd schema of a vendor's file must not keep the others from being used.
    if (!read) type.error = std::move(read.error());
    if (type.error && type.error->code() == DiagnosticCode::import_path) return fail(*type.error);
    type.type = read ? *read : input_.types.types().basic(TypeKind::json);
    type.name = std::move(name);
    type.gaps = converter_.take_gaps();
    made_.push_back(std::move(type));
    return {};
  }

  /// Errors: the first, when there is no type without one.
  Result<std::vector<SchemaType>> take() && {
    auto read = [](const SchemaType& type) { return !type.error; };
    if (made_.empty()) return fail(DiagnosticCode::bad_import_data, "the file describes no type");
    if (std::none_of(made_.begin(), made_.end(), read)) return fail(*made_.front().error);
    return std::move(made_);
  }

 private:
  static tl::unexpected<Error> bad(std::string_view where, std::string_view what) {
    return fail(DiagnosticCode::bad_import_data, fmt::format("`{}`: {}", where, what));
  }

  void name(const std::string& reference, std::string_view written) {
    converter_.name(reference, fmt::format("{}.{}", input_.import.name, type_name(written)));
  }

  /// A step of a JSON pointer in a URI.
  static std::string escaped(std::string_view name) {
    std::string out;
    for (char c : name) {
      if (c == '~') {
        out += "~0";
      } else if (c == '/') {
        out += "~1";
      } else if (c == '%') {
        out += "%25";
      } else {
        out.push_back(c);
      }
    }
    return out;
  }

  static std::string type_name(std::string_view written) {
    std::string name(written);
    for (char& c : name) {
      if (!is_type_name(std::string{'_', c})) c = '_';
    }
    return is_type_name(name) ? name : "_" + name;
  }

  const SchemaInput& input_;
  SchemaConverter converter_;
  std::vector<SchemaType> made_;
};

bool describes_something(const Value& schema) {
  if (!schema.is_fields()) return false;
  return std::any_of(schema.entries().begin(), schema.entries().end(),
                     [](const Entry& entry) { return !is_annotation(entry.key.text()); });
}

Result<std::vector<SchemaType>> value_types(const SchemaInput& input, const Value& document,
                                            SchemaFiles& files) {
  if (document.find("swagger") != nullptr) {
    return fail(Error(DiagnosticCode::bad_import_data, "this is Swagger 2, and only OpenAPI 3 is read")
                    .help("convert the file to OpenAPI 3"));
  }
  if (document.find("openapi") != nullptr) {
    const Value* components = document.find("components");
    const Value* schemas = components == nullptr ? nullptr : components->find("schemas");
    if (schemas == nullptr) return fail(DiagnosticCode::bad_import_data, "`components.schemas` is not there");
    ValueTypes types(input, files, SchemaDialect::open_api);
    CARBON_CHECK(types.add_all(*schemas, "/components/schemas"));
    return std::move(types).take();
  }
  ValueTypes types(input, files, SchemaDialect::json_schema);
  for (std::string_view word : {"$defs", "definitions"}) {
    if (const Value* named = document.find(word))
      CARBON_CHECK(types.add_all(*named, fmt::format("/{}", word)));
  }
  if (describes_something(document)) CARBON_CHECK(types.add("Root", fmt::format("/{}#", input.import.path)));
  return std::move(types).take();
}

}  // namespace

Result<std::vector<SchemaType>> read_schema(const SchemaInput& input) {
  SchemaFiles files(input.data);
  const Value* documents = files.documents(input.import.path);
  if (documents == nullptr || documents->items().empty())
    return fail(DiagnosticCode::bad_import_data, "the file describes no type");
  const Value& first = documents->items().front();
  if (documents->items().size() > 1 || is_definition(first)) {
    SchemaConverter converter(files, SchemaDialect::definition, input.types.types(), input.patterns);
    return definition_types(input, *documents, converter);
  }
  if (!first.is_fields()) return fail(DiagnosticCode::bad_import_data, "the file describes no type");
  return value_types(input, first, files);
}

}  // namespace carbon
