#include "cli/views/inventory_view.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/diagnostic_text.h"
#include "base/value_document.h"
#include "base/value_json.h"
#include "base/value_text.h"

namespace carbon {

using document::field;
using document::text;

namespace {

std::string heading(const Inventory& inventory) {
  return fmt::format("platform {}  env {}  world {}  generation {}\n", visible(inventory.platform),
                     visible(inventory.environment), inventory.world, inventory.generation);
}

}  // namespace

std::string inventory_text(const Inventory& inventory) {
  std::size_t width = 0;
  std::size_t type_width = 0;
  for (const auto& [address, entry] : inventory.entries) {
    width = std::max(width, address.size());
    type_width = std::max(type_width, entry.type.size());
  }
  std::string out = heading(inventory);
  for (const auto& [address, entry] : inventory.entries) {
    out += fmt::format("{:<{}}  {:<{}}  {}{}\n", visible(address), width, visible(entry.type), type_width,
                       visible(entry.declared_at), entry.protect ? "  protected" : "");
  }
  return out + fmt::format("{} objects\n", inventory.entries.size());
}

std::string inventory_summary(const Inventory& inventory) {
  std::map<std::string, std::size_t> counts;
  std::size_t width = 0;
  for (const auto& [address, entry] : inventory.entries) {
    ++counts[entry.type];
    width = std::max(width, entry.type.size());
  }
  std::string out = heading(inventory);
  for (const auto& [type, count] : counts)
    out += fmt::format("  {:<{}}  {:>4}\n", visible(type), width, count);
  return out + fmt::format("{} objects\n", inventory.entries.size());
}

std::string inventory_json(const Inventory& inventory) {
  std::vector<Value> rows;
  for (const auto& [address, entry] : inventory.entries) {
    rows.push_back(Value::record({
        field("address", text(address)),
        field("type", text(entry.type)),
        field("identity", entry.identity),
        field("uid", text(entry.uid)),
        field("provider", text(entry.provider)),
        field("protect", Value::boolean(entry.protect)),
        field("declared_at", text(entry.declared_at)),
    }));
  }
  Value document =
      Value::record({field("format_version", text("1.0")), field("platform", text(inventory.platform)),
                     field("environment", text(inventory.environment)), field("world", text(inventory.world)),
                     field("generation", Value::integer(static_cast<std::int64_t>(inventory.generation))),
                     field("resources", Value::list(std::move(rows)))});
  return to_json(document, JsonStyle::indented) + "\n";
}

}  // namespace carbon
