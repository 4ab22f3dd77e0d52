#include "lsp/documents.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using carbon::Value;
using carbon::lsp::Documents;

namespace {

Value json(std::string_view text) { return *carbon::parse_json(text); }

Documents opened(std::string_view text) {
  Documents documents([](const std::string& path) { return path; });
  std::string parameters =
      R"({"textDocument":{"uri":"file:///p.carbon","version":3,"text":)" + carbon::json_quote(text) + "}}";
  REQUIRE(documents.open(json(parameters)).empty());
  return documents;
}

std::string edit(int version, std::string_view changes) {
  return R"({"textDocument":{"uri":"file:///p.carbon","version":)" + std::to_string(version) +
         R"(},"contentChanges":)" + std::string(changes) + "}";
}

}  // namespace

TEST_CASE("edits of one message build on each other") {
  Documents documents = opened("let a = 1\n");
  CHECK(
      documents
          .change(json(edit(
              4, R"([{"range":{"start":{"line":0,"character":4},"end":{"line":0,"character":5}},"text":"ü𝄞"},
                                 {"range":{"start":{"line":0,"character":7},"end":{"line":0,"character":7}},"text":"b"}])")))
          .empty());
  CHECK(documents.find("file:///p.carbon")->text == "let ü𝄞b = 1\n");
}

TEST_CASE("an edit without a range is the whole text") {
  Documents documents = opened("x");
  CHECK(documents.change(json(edit(9, R"([{"text":"let b = 2"}])"))).empty());
  CHECK(documents.find("file:///p.carbon")->text == "let b = 2");
  CHECK(documents.find("file:///p.carbon")->version == 9);
}

TEST_CASE("an edit with an old version is dropped, in words") {
  Documents documents = opened("x");
  CHECK(documents.change(json(edit(3, R"([{"text":"y"}])"))) ==
        "an edit to version 3 of `file:///p.carbon` is dropped: version 3 is known");
  CHECK(documents.find("file:///p.carbon")->text == "x");
}

TEST_CASE("edits and closing of what is not open change nothing") {
  Documents documents([](const std::string& path) { return path; });
  CHECK_FALSE(documents.change(json(edit(1, R"([{"text":"y"}])"))).empty());
  CHECK_FALSE(documents.close(json(R"({"textDocument":{"uri":"file:///q"}})")).empty());
  CHECK_FALSE(documents.open(json(R"({"textDocument":{"uri":"untitled:1","text":""}})")).empty());
  CHECK(documents.all().empty());
}

TEST_CASE("ranges outside the text, reversed or of another kind stay inside it") {
  Documents documents = opened("ab\n");
  CHECK(
      documents
          .change(json(edit(
              4,
              R"([{"range":{"start":{"line":9,"character":9},"end":{"line":0,"character":0}},"text":"c"}])")))
          .empty());
  CHECK(documents.find("file:///p.carbon")->text == "ab\nc");
  CHECK(documents.change(json(edit(5, R"([{"range":{"start":{"line":-4,"character":"x"}},"text":"d"}])")))
            .empty());
  CHECK(documents.find("file:///p.carbon")->text == "dab\nc");
  CHECK(documents.change(json(edit(6, R"([7, null, {"range":3}])"))).empty());
}
