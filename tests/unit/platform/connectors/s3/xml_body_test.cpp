#include "platform/connectors/s3/xml_body.h"

#include <doctest/doctest.h>

#include "base/value_json.h"

using namespace carbon;

namespace {

std::string read(std::string_view text) {
  Result<Value> value = parse_xml(text);
  return value ? to_json(*value) : "refused: " + value.error().message();
}

std::string written(const Value& value) {
  Result<std::string> text = to_xml(value);
  return text ? *text : "refused: " + text.error().message();
}

Value json(std::string_view text) { return *parse_json(text); }

bool refused(std::string_view text) { return text.starts_with("refused: "); }

}  // namespace

TEST_CASE("an element is its text, or a map of the elements in it; those of one name are a list") {
  CHECK(read("<A><B>1</B></A>") == R"({"A":{"B":"1"}})");
  CHECK(read("<A><B>1</B><C/><B>2</B></A>") == R"({"A":{"B":["1","2"],"C":null}})");
  CHECK(read("<A><B><C>x</C></B><B/></A>") == R"({"A":{"B":[{"C":"x"},null]}})");
  CHECK(read("<A/>") == R"({"A":null})");
  CHECK(read("<A></A>") == R"({"A":null})");
  CHECK(read("<A>x</A>") == R"({"A":"x"})");
}

TEST_CASE("attributes, prefixes, comments and white space between elements say nothing") {
  CHECK(read("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<s:A xmlns:s=\"urn:x\" b='>'>\n  <!-- <B> -->\n"
             "  <s:B xsi:type=\"C\">1</s:B>\n</s:A>\n") == R"({"A":{"B":"1"}})");
}

TEST_CASE("text is what it says") {
  CHECK(read("<A>a &lt;b&gt; &amp; &#228;\r\n<![CDATA[<c>]]></A>") == R"({"A":"a <b> & ä\n<c>"})");
  CHECK(read("<A> </A>") == R"({"A":" "})");
  CHECK(read("<A>001</A>") == R"({"A":"001"})");
}

TEST_CASE("what is no XML, too large or too deep is refused before it is parsed") {
  for (std::string_view bad :
       {"", "text", "<A>", "<A", "<A><B></A></B>", "<A/><B/>", "<A>\xff</A>", "<!-- ", "<A>&#xD800;</A>",
        "<A>&#x110000;</A>", "<!DOCTYPE A [<!ENTITY b \"c\">]><A>&b;</A>"})
    CHECK_MESSAGE(refused(read(bad)), bad);
  auto deep = [](int levels) {
    std::string text;
    for (int i = 0; i < levels; ++i) text += "<A>";
    for (int i = 0; i < levels; ++i) text += "</A>";
    return text;
  };
  CHECK(!refused(read(deep(32))));
  CHECK(read(deep(33)).find("32 elements deep") != std::string::npos);
  CHECK(read(deep(1'000'000)).find("32 elements deep") != std::string::npos);
  CHECK(read("<A>" + std::string(std::size_t{8} << 20, 'a') + "</A>").find("8 MiB") != std::string::npos);
}

TEST_CASE("a record with one member is written with that root") {
  CHECK(
      written(json(R"({"Tagging":{"TagSet":{"Tag":[{"Key":"a","Value":"<1>"},{"Key":"b","Value":""}]}}})")) ==
      R"(<?xml version="1.0"?><Tagging xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><TagSet>)"
      R"(<Tag><Key>a</Key><Value>&lt;1&gt;</Value></Tag><Tag><Key>b</Key><Value></Value></Tag></TagSet></Tagging>)");
  CHECK(written(json(R"({"A":{"B":null,"C":[],"D":7,"E":true}})")) ==
        R"(<?xml version="1.0"?><A xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><D>7</D><E>true</E></A>)");
  CHECK(written(json(R"({"A":null})")) ==
        R"(<?xml version="1.0"?><A xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>)");
}

TEST_CASE("what XML cannot say is refused") {
  for (std::string_view bad :
       {R"({"A":1,"B":2})", R"({})", R"([1])", R"("x")", R"({"A":[1]})", R"({"A":{"a b":1}})",
        R"({"A":{"<":1}})", R"({"A":{"B":[[1]]}})", R"({"A":"\u0001"})"})
    CHECK_MESSAGE(refused(written(json(bad))), bad);
}

TEST_CASE("what is written reads as it was") {
  Value text = Value::string(" a & <b> \n\"'é\t");
  std::string xml = *to_xml(Value::record({{Value::string("A"), text}}));
  CHECK(*parse_xml(xml)->find("A") == text);
}
