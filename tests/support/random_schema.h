#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace carbon::test {

/// What a random schema is made of, a seed a slot: 0 leaves the slot's object out. Two schemas that share
/// seeds share most of these objects, but not all, because an object refers to what there is.
struct SchemaSeeds {
  static constexpr std::size_t slots = 32;
  std::array<std::uint64_t, slots> seeds{};

  [[nodiscard]] static SchemaSeeds random(std::uint64_t seed);
  /// A few slots otherwise, or all of them.
  [[nodiscard]] SchemaSeeds changed(std::uint64_t seed) const;
};

/// The statements that make the schema `app`, which must exist and be empty. Names are what names can be:
/// reserved words, quotes, semicolons, Unicode, 63 bytes. Needs the roles of `random_schema_roles`.
[[nodiscard]] std::vector<std::string> random_schema(const SchemaSeeds& seeds);
[[nodiscard]] std::vector<std::string> random_schema_roles();

}  // namespace carbon::test
