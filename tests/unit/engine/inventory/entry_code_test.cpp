#include <doctest/doctest.h>

#include "engine/inventory/inventory.h"

using namespace carbon;

namespace {

InventoryEntry entry(const std::string& address, std::string_view field, std::string_view region) {
  InventoryEntry made;
  made.address = address;
  made.type = "test.Thing";
  made.provider = "here";
  made.provider_config = Value::record({{Value::string("region"), Value::string(region)}});
  made.identity = Value::record({{Value::string("name"), Value::string(address)}});
  made.uid = "u-" + address;
  made.applied.insert(*FieldPath::parse(field));
  return made;
}

}  // namespace

TEST_CASE("a decoder gives each entry its own fields and provider, whatever it has decoded before") {
  // Neighbours that are alike, that differ, and that are alike again: nothing may be taken from the one
  // before.
  const std::vector<InventoryEntry> written{entry("a", "data.x", "north"), entry("b", "data.x", "north"),
                                            entry("c", "data.y", "south"), entry("d", "data.x", "north")};
  EntryDecoder decoder;
  for (const InventoryEntry& each : written) {
    CAPTURE(each.address);
    Result<InventoryEntry> read = decoder.decode(encode_entry(each));
    REQUIRE(read);
    CHECK(read->applied == each.applied);
    CHECK(read->provider_config == each.provider_config);
    CHECK(encode_entry(*read) == encode_entry(each));
  }
}

TEST_CASE("what one entry inserts into its fields does not reach those that were decoded beside it") {
  EntryDecoder decoder;
  Result<InventoryEntry> first = decoder.decode(encode_entry(entry("a", "data.x", "north")));
  Result<InventoryEntry> second = decoder.decode(encode_entry(entry("b", "data.x", "north")));
  REQUIRE(first);
  REQUIRE(second);
  first->applied.insert(*FieldPath::parse("data.z"));
  CHECK_FALSE(second->applied.contains(*FieldPath::parse("data.z")));
}

TEST_CASE("a row that is no entry is an error, and the next row is read as ever") {
  EntryDecoder decoder;
  CHECK_FALSE(decoder.decode("{}"));
  CHECK_FALSE(decoder.decode("no JSON"));
  std::string good = encode_entry(entry("a", "data.x", "north"));
  CHECK(decoder.decode(good));
}
