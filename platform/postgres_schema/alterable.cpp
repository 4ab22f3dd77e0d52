#include <algorithm>
#include <iterator>
#include <span>

#include "platform/postgres_schema/changes.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

bool equal(const SchemaObject& a, const SchemaObject& b, std::string_view name) {
  const Value* x = a.properties.find(name);
  const Value* y = b.properties.find(name);
  return x == nullptr || y == nullptr ? x == y : *x == *y;
}

template <std::size_t Size>
bool all_equal(const SchemaObject& a, const SchemaObject& b, const std::string_view (&names)[Size]) {
  return std::all_of(std::begin(names), std::end(names),
                     [&](std::string_view name) { return equal(a, b, name); });
}

std::span<const Value> items_of(const SchemaObject& object, std::string_view name) {
  const Value* list = object.properties.find(name);
  return list != nullptr && list->is_sequence() ? list->items() : std::span<const Value>();
}

/// New labels may be put anywhere between the old ones.
bool labels_added(const SchemaObject& live, const SchemaObject& target) {
  auto old = items_of(live, "labels");
  auto at = old.begin();
  for (const Value& label : items_of(target, "labels"))
    if (at != old.end() && *at == label) ++at;
  return at == old.end();
}

bool columns_appended(const SchemaObject& live, const SchemaObject& target) {
  auto old = items_of(live, "columns");
  auto now = items_of(target, "columns");
  return old.size() <= now.size() && std::equal(old.begin(), old.end(), now.begin());
}

bool same_attribute(const Value& a, const Value& b) {
  auto text = [](const Value& of, std::string_view name) {
    const Value* value = of.find(name);
    return value == nullptr ? std::string_view() : value->text();
  };
  return text(a, "name") == text(b, "name") && text(a, "type") == text(b, "type") &&
         text(a, "collation") == text(b, "collation");
}

/// Attributes may go, and new ones come at the end.
bool attributes_in_order(const SchemaObject& live, const SchemaObject& target) {
  auto old = items_of(live, "attributes");
  auto at = old.begin();
  bool appending = false;
  for (const Value& attribute : items_of(target, "attributes")) {
    auto found =
        std::find_if(at, old.end(), [&](const Value& each) { return same_attribute(each, attribute); });
    if (found == old.end()) {
      // A name that goes and comes back with another type cannot do both in place and keep its values apart.
      bool known = std::any_of(old.begin(), old.end(), [&](const Value& each) {
        return *each.find("name") == *attribute.find("name");
      });
      if (known) return false;
      appending = true;
    } else if (appending) {
      return false;
    } else {
      at = found + 1;
    }
  }
  return true;
}

bool column_alterable(const SchemaObject& live, const SchemaObject& target, int server_version) {
  if (has(live, "generated") && equal(live, target, "generated"))
    return all_equal(live, target, {"type", "collation"});  // ALTER TYPE takes no expression there
  if (equal(live, target, "generated")) return true;
  return has(live, "generated") && !has(target, "generated") && server_version >= 130000;
}

bool table_alterable(const SchemaObject& live, const SchemaObject& target, int server_version) {
  if (!equal(live, target, "partition_by")) return false;
  return equal(live, target, "access_method") || server_version >= 150000;
}

bool policy_alterable(const SchemaObject& live, const SchemaObject& target) {
  return all_equal(live, target, {"command", "restrictive"}) && has(live, "using") <= has(target, "using") &&
         has(live, "check") <= has(target, "check");
}

}  // namespace

bool alterable(const SchemaObject& live, const SchemaObject& target, int server_version) {
  switch (live.id.object_class) {
    case C::enumeration: return labels_added(live, target);
    case C::domain: return all_equal(live, target, {"type", "collation"});
    case C::composite_type: return attributes_in_order(live, target);
    case C::range_type: return all_equal(live, target, {"definition", "multirange"});
    case C::sequence:
    case C::column_default:
    case C::sequence_owner: return true;
    case C::function:
    case C::procedure: return all_equal(live, target, {"arguments", "returns", "window"});
    case C::table: return table_alterable(live, target, server_version);
    case C::column: return column_alterable(live, target, server_version);
    case C::constraint:
    case C::domain_constraint:
      return all_equal(live, target, {"definition", "options"}) &&
             has(live, "not_valid") >= has(target, "not_valid");
    case C::view: return columns_appended(live, target);
    case C::index:
    case C::materialized_view_index: return all_equal(live, target, {"definition", "invalid"});
    case C::materialized_view: return all_equal(live, target, {"definition", "columns", "access_method"});
    case C::aggregate: return all_equal(live, target, {"definition", "arguments"});
    case C::statistics:
    case C::trigger:
    case C::view_trigger: return equal(live, target, "definition");
    case C::policy: return policy_alterable(live, target);
  }
  return false;
}

}  // namespace carbon::postgres
