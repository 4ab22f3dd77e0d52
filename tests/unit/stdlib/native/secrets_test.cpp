#include <doctest/doctest.h>

#include "base/base64.h"
#include "engine/expr/call.h"
#include "stdlib/native/builtins.h"
#include "stdlib/native/scram.h"
#include "tests/unit/stdlib/native/calling.h"

using namespace carbon;

TEST_CASE("secrets are leaves that only name them") {
  CHECK(*called("secret.env", {"TOKEN"_v}) == secret());
  CHECK(called("secret.file", {"a/b"_v})->term().function == "secret.file");
  CHECK(shown("secret.env", {""_v}) == "C0216");
  CHECK(shown("secret.env", {"A=B"_v}) == "C0216");
  CHECK(shown("secret.file", {""_v}) == "C0216");
  CHECK(shown("secret.env", {1_v}) == "C0216");
}

TEST_CASE("a SCRAM verifier is the one of RFC 7677's example, and always the same") {
  std::string salt = *base64_decode("W22ZaJ0SNY7soEsUEjb6gQ==");
  CHECK(scram_verifier("pencil", salt) ==
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
        "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=");
  CHECK(scram_salt("pencil").size() == 16);
  CHECK(scram_salt("pencil") == scram_salt("pencil"));
  CHECK(scram_salt("pencil") != scram_salt("pencil2"));
  CHECK(called("scram_sha_256", {"pencil"_v})->text() == scram_verifier("pencil", scram_salt("pencil")));
  CHECK(called("scram_sha_256", {secret()})->is_secret());
  CHECK(shown("scram_sha_256", {""_v}) == "C0216");
  CHECK(shown("scram_sha_256", {"pä"_v}) == "C0216");
  CHECK(shown("scram_sha_256", {1_v}) == "C0216");
}

TEST_CASE("SQL names") {
  CHECK(called("ident", {"orders"_v})->text() == "\"orders\"");
  CHECK(called("ident", {"a\"b"_v})->text() == "\"a\"\"b\"");
  CHECK(shown("ident", {""_v}) == "C0216");
  CHECK(shown("ident", {Value::string(std::string(64, 'x'))}) == "C0216");
  CHECK(shown("ident", {Value::string(std::string_view("a\0b", 3))}) == "C0216");
  CHECK(shown("ident", {secret()}) == "C0503");
}

TEST_CASE("SQL literals") {
  auto text = [](Value value) { return std::string(called("literal", {std::move(value)})->text()); };
  CHECK(text("it's"_v) == "'it''s'");
  CHECK(text("a\\b'"_v) == " E'a\\\\b'''");
  CHECK(text(5_v) == "5");
  CHECK(text(0.5_v) == "0.5");
  CHECK(text(Value::boolean(true)) == "true");
  CHECK(text(Value()) == "NULL");
  CHECK(shown("literal", {list({})}) == "C0216");
  CHECK(shown("literal", {Value::duration({1})}) == "C0216");
  CHECK(shown("literal", {Value::string(std::string_view("a\0b", 3))}) == "C0216");
  CHECK(called("literal", {secret()})->is_secret());
  auto option = [](Value value) {
    return std::string(called("literal_or_default", {std::move(value)})->text());
  };
  CHECK(option(Value()) == "DEFAULT");
  CHECK(option("DEFAULT"_v) == "'DEFAULT'");
  CHECK(std::string(called("ident", {list({"a b"_v, "c\"d"_v})})->text()) == "\"a b\", \"c\"\"d\"");
  CHECK(shown("ident", {list({})}) == "C0216");
  CHECK(shown("ident", {list({"a"_v, ""_v})}) == "C0216");
}

TEST_CASE("every function is documented") {
  FunctionTable table = builtins();
  add_yaml_decode(table, [](std::span<const Value>) -> Result<Value> { return Value(); });
  constexpr std::string_view names[] = {"len",
                                        "lower",
                                        "upper",
                                        "trim",
                                        "split",
                                        "join",
                                        "replace",
                                        "starts_with",
                                        "ends_with",
                                        "contains",
                                        "slug",
                                        "kebab",
                                        "indent",
                                        "matches",
                                        "capture",
                                        "count",
                                        "keys",
                                        "values",
                                        "get",
                                        "range",
                                        "sort",
                                        "unique",
                                        "flatten",
                                        "zip",
                                        "merge",
                                        "sum",
                                        "min",
                                        "max",
                                        "any",
                                        "all",
                                        "first",
                                        "last",
                                        "index_by",
                                        "string",
                                        "int",
                                        "float",
                                        "bytes_of",
                                        "seconds",
                                        "json_encode",
                                        "json_decode",
                                        "yaml_encode",
                                        "yaml_decode",
                                        "base64",
                                        "unbase64",
                                        "hex",
                                        "sha256",
                                        "md5",
                                        "listed",
                                        "url_encode",
                                        "cidr_host",
                                        "cidr_subnet",
                                        "secret.env",
                                        "secret.file",
                                        "secret.k8s",
                                        "scram_sha_256",
                                        "ident",
                                        "literal",
                                        "known",
                                        "resources",
                                        "meta",
                                        "literal_or_default"};
  for (std::string_view name : names) {
    CAPTURE(name);
    const Function* function = table.find(name);
    REQUIRE(function != nullptr);
    bool runs = function->body != nullptr;
    CHECK(runs);
    CHECK(function->doc.ends_with('.'));
    CHECK(function->example.find(name) != std::string::npos);
    CHECK_FALSE(function->result.empty());
    CHECK_FALSE(function->parameters.empty());
  }
  CHECK(table.names().size() == std::size(names));
}

TEST_CASE("known looks at all that a value holds, and never into a secret") {
  FunctionTable table = builtins();
  const Function& known = *table.find("known");
  auto ask = [&](Value value) { return call(known, {std::move(value)})->as_bool(); };
  Value unknown = Value::unknown_attribute("a", "b");
  CHECK(ask(Value::integer(1)));
  CHECK(ask(Value()));
  CHECK_FALSE(ask(unknown));
  CHECK_FALSE(ask(Value::list({Value::integer(1), unknown})));
  CHECK(ask(Value::secret({"secret.env", {Value::string("A")}})));
}

TEST_CASE("result types follow from the arguments") {
  TypeTable types;
  TypePtr number = types.basic(TypeKind::integer);
  auto inferred = [&](std::string_view name, std::vector<TypePtr> arguments) {
    TypePtr type = builtins().find(name)->infer(arguments, types);
    return type == nullptr ? "?" : to_string(*type);
  };
  CHECK(inferred("first", {types.list(number)}) == "int?");
  CHECK(inferred("first", {types.list(types.optional(number))}) == "int?");
  CHECK(inferred("values", {types.map(number)}) == "list<int>");
  CHECK(inferred("index_by", {types.list(number), nullptr}) == "map<int>");
  CHECK(inferred("flatten", {types.list(types.list(number))}) == "list<int>");
  CHECK(inferred("flatten", {types.list(number)}) == "?");
  CHECK(inferred("zip", {types.list(number), types.list(number)}) == "list<list<int>>");
  CHECK(inferred("zip", {types.list(number), types.list(types.basic(TypeKind::string))}) == "?");
  CHECK(inferred("sum", {types.list(number)}) == "int");
  CHECK(inferred("max", {number, number}) == "int");
  CHECK(inferred("max", {types.list(number)}) == "int");
  CHECK(inferred("sort", {nullptr}) == "?");
  TypePtr map = types.map(number);
  CHECK(inferred("merge", {map, map}) == "map<int>");
  CHECK(inferred("merge", {map, types.map(types.basic(TypeKind::string))}) == "?");
}
