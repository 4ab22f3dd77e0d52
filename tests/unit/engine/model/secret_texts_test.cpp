#include "engine/model/secret_texts.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/base64.h"
#include "base/value_json.h"

using namespace carbon;

namespace {

const std::string secret = "pa\"ss\\w/o+rd'é<&>";

std::string hidden(const std::string& words) { return without_secrets(words, {secret}); }

/// `{ user, token (sensitive), nested { key (secret) } }`
struct Schema {
  TypeTable types;
  TypePtr root;

  Schema() {
    TypePtr string = types.basic(TypeKind::string);
    Type& nested = types.make(TypeKind::record);
    nested.fields = {{"key", types.secret(string), FieldFlag::none, ""}};
    Type& record = types.make(TypeKind::record);
    record.fields = {{"user", string, FieldFlag::none, ""},
                     {"token", types.map(string), FieldFlag::sensitive, ""},
                     {"nested", &nested, FieldFlag::none, ""}};
    root = &record;
  }
};

}  // namespace

TEST_CASE("every secret field's text is found, at any depth, and base64 also decoded") {
  Schema schema;
  Result<Value> value = parse_json(
      R"({"user":"app","token":{"a":"first","b":"c2Vjb25k"},"nested":{"key":"third"},"unknown":{"x":"free"}})");
  REQUIRE(value);
  std::vector<std::string> found = secret_texts(*value, *schema.root);
  CHECK(std::find(found.begin(), found.end(), "first") != found.end());
  CHECK(std::find(found.begin(), found.end(), "c2Vjb25k") != found.end());
  CHECK(std::find(found.begin(), found.end(), "second") != found.end());
  CHECK(std::find(found.begin(), found.end(), "third") != found.end());
  CHECK(std::find(found.begin(), found.end(), "app") == found.end());
  CHECK(std::find(found.begin(), found.end(), "free") == found.end());
}

TEST_CASE("a secret is taken out in whatever spelling it is quoted") {
  CHECK(hidden("near " + secret + "!") == "near (secret)!");
  CHECK(hidden("near " + json_quote(secret)) == "near \"(secret)\"");
  CHECK(hidden(json_quote(json_quote(secret))).find("ss") == std::string::npos);
  CHECK(hidden(R"(pa\"ss\\w/o+rd'\u00e9<&>)") == "(secret)");
  CHECK(hidden(R"(pa\"ss\\w/o+rd'é\u003c\u0026\u003e)") == "(secret)");
  CHECK(hidden("pa\"ss\\w/o+rd''é<&>") == "(secret)");
  CHECK(hidden("pa%22ss%5Cw%2Fo%2Brd%27%C3%A9%3C%26%3E") == "(secret)");
  CHECK(hidden(hex_encode(secret)) == "(secret)");
}

TEST_CASE("in base64 it is found wherever it stands in the encoded text") {
  for (const std::string before : {"", "x", "xy", "xyz"}) {
    std::string encoded = base64_encode(before + secret + "tail");
    std::string left = hidden(encoded);
    CAPTURE(encoded);
    CHECK(left.find("(secret)") != std::string::npos);
    // What is left of the ends says at most a byte of it.
    CHECK(left.size() < encoded.size() - base64_encode(secret).size() + 12);
  }
}

TEST_CASE("ordinary words stay, and so do those beside an empty secret") {
  CHECK(hidden("syntax error at or near \"x\"") == "syntax error at or near \"x\"");
  CHECK(without_secrets("words", {""}) == "words");
  CHECK(without_secrets("words", {}) == "words");
}

TEST_CASE("a secret that is a part of another does not uncover the rest of it") {
  CHECK(without_secrets("hunter2hunter2 and hunter2", {"hunter2", "hunter2hunter2"}) ==
        "(secret) and (secret)");
}

TEST_CASE("words that hold a very short secret are withheld altogether") {
  CHECK(without_secrets("the pin is 123", {"123"}) == "(withheld: the words may hold a secret)");
  CHECK(without_secrets("the pin is wrong", {"123"}) == "the pin is wrong");
}
