#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "engine/ports/io.h"
#include "platform/postgres_schema/schema_catalog.h"

namespace carbon::postgres {

/// Puts a catalog together from the rows of catalog_sql.h, in the order of the calls. Made for one catalog.
class CatalogReader {
 public:
  CatalogReader(std::string_view schema, int server_version);

  [[nodiscard]] Status take_objects(const SqlRows& rows);
  [[nodiscard]] Status take_dependencies(const SqlRows& rows);
  /// Errors: not_yet_supported when there is a row.
  [[nodiscard]] Status take_unmodelled(const SqlRows& rows) const;
  [[nodiscard]] SchemaCatalog catalog() &&;

 private:
  using Row = std::vector<std::optional<std::string>>;
  /// What pg_depend names an object by: catalog, OID and sub-object number in one number.
  using Address = std::uint64_t;

  [[nodiscard]] static std::optional<Address> address(const Row& row, std::size_t column);
  [[nodiscard]] Status take_object(const Row& row);
  [[nodiscard]] std::optional<std::size_t> object_at(Address address) const;
  [[nodiscard]] Error bad(std::string_view what) const;
  void add_parents();

  SchemaCatalog catalog_;
  std::unordered_map<Address, std::size_t> objects_;
  std::unordered_map<Address, Address> aliases_;
};

}  // namespace carbon::postgres
