#include "base/field_path.h"

#include <doctest/doctest.h>

using namespace carbon;

TEST_CASE("paths read as users write them") {
  for (std::string_view text :
       {"spec.template.spec.containers[\"app\"].image", "ports[\"80\",\"TCP\"]", "items[3]", "data[\"a.b\"]",
        "finalizers[=\"x\"]", "metadata.labels[\"app.kubernetes.io/name\"]"}) {
    CAPTURE(text);
    Result<FieldPath> path = FieldPath::parse(text);
    REQUIRE(path);
    CHECK(path->text() == text);
  }
  CHECK_FALSE(FieldPath::parse("a["));
  CHECK_FALSE(FieldPath::parse("a..b"));
}

TEST_CASE("a field set survives encode and decode") {
  FieldSet set;
  set.insert(*FieldPath::parse("data[\"a.b\"]"));
  set.insert(*FieldPath::parse("spec.replicas"));
  Result<FieldSet> back = FieldSet::decode(set.encode());
  REQUIRE(back);
  CHECK(*back == set);
  CHECK(back->contains(*FieldPath::parse("spec.replicas")));
  CHECK_FALSE(back->contains(*FieldPath::parse("spec")));
}

TEST_CASE("a copy of a field set does not see what is inserted later, at any depth") {
  FieldSet set;
  set.insert(*FieldPath::parse("spec.template.labels"));
  FieldSet copy = set;
  copy.insert(*FieldPath::parse("spec.template.image"));
  CHECK_FALSE(set.contains(*FieldPath::parse("spec.template.image")));
  CHECK(copy.contains(*FieldPath::parse("spec.template.image")));
  CHECK(copy.contains(*FieldPath::parse("spec.template.labels")));
  CHECK_FALSE(set == copy);
  set.insert(*FieldPath::parse("spec.template.image"));
  CHECK(set == copy);
}
