#include "lsp/uri.h"

#include <doctest/doctest.h>

using carbon::lsp::path_of_uri;
using carbon::lsp::uri_of_path;

TEST_CASE("paths come back from their URIs") {
  for (std::string_view path : {"/a/b.carbon", "/mit Leerzeichen/ü%?#.carbon", "/a+b/(c)"}) {
    CHECK(path_of_uri(uri_of_path(path)) == path);
  }
  CHECK(uri_of_path("/a b") == "file:///a%20b");
}

TEST_CASE("what clients write is understood") {
  CHECK(path_of_uri("file:///c%3A/x") == "/c:/x");
  CHECK(path_of_uri("file://localhost/x") == "/x");
}

TEST_CASE("what is no file has no path") {
  for (std::string_view uri : {"untitled:Untitled-1", "http://x/y", "file://other/x", "file:///a%2",
                               "file:///a%zz", "file:///a%00b", ""}) {
    CAPTURE(uri);
    CHECK_FALSE(path_of_uri(uri).has_value());
  }
}
