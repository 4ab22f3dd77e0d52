#include <doctest/doctest.h>

#include "dsl/check/imports.h"
#include "dsl/parse/parse.h"

using namespace carbon;

namespace {

/// The imports of a file that stands at `path`.
std::vector<Import> imports(std::string path, std::string text, DiagnosticSink& sink) {
  SourceMap sources;
  std::uint32_t file = sources.add(std::move(path), std::move(text));
  SyntaxTree tree = parse(sources, file, sink);
  return imports_of(tree, sink);
}

}  // namespace

TEST_CASE("an import path is relative to the importing file and stays inside the root package") {
  CHECK(resolve_import_path("platform.carbon", "sql/orders.sql") == "sql/orders.sql");
  CHECK(resolve_import_path("lib/a.carbon", "orders.sql") == "lib/orders.sql");
  CHECK(resolve_import_path("lib/deep/a.carbon", "../../x") == "x");
  CHECK(resolve_import_path("lib/a.carbon", "./b/./c") == "lib/b/c");
  CHECK(resolve_import_path("lib/a.carbon", "../../x") == "");
  CHECK(resolve_import_path("a.carbon", "x/../../x") == "");
}

TEST_CASE("what is imported is said by its path and its type") {
  DiagnosticSink sink;
  auto all = imports("platform.carbon",
                     "import \"std/k8s\"\nimport \"lib/web\" as w\nimport \"a.json\" as a : json\n"
                     "import schema \"crd.yaml\" as crd\n",
                     sink);
  REQUIRE(all.size() == 4);
  CHECK_FALSE(sink.has_errors());
  CHECK(all[0].kind == ImportKind::standard);
  CHECK(all[0].name == "k8s");
  CHECK(all[1].kind == ImportKind::package);
  CHECK(all[1].path == "lib/web");
  CHECK(all[1].name == "w");
  CHECK(all[2].kind == ImportKind::data);
  CHECK(all[2].type == DataType::json);
  CHECK(all[3].kind == ImportKind::schema);
}

TEST_CASE("a wrong import is reported and left out") {
  DiagnosticSink sink;
  auto all = imports("a.carbon", "import \"../x\"\nimport \"fine\"\nimport \"a-b.txt\" : string\n", sink);
  REQUIRE(all.size() == 1);
  CHECK(all[0].path == "fine");
  REQUIRE(sink.error_count() == 2);
  CHECK(sink.all()[0].code == DiagnosticCode::import_path);
  CHECK(sink.all()[1].code == DiagnosticCode::import_path);
}
