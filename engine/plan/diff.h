#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/model/resource_type.h"
#include "engine/plan/plan.h"
#include "engine/ports/connector.h"
#include "engine/ports/secrets.h"

namespace carbon {

/// Field path text to keyed digest of its content. What is missing cannot be compared that way.
using DigestMap = std::map<std::string, std::string>;

/// Rules that fold a difference of spelling away; their names are shown by `--show-quiet`.
namespace quiet {
inline constexpr std::string_view spelling = "spelling of a number, quantity, duration or blob";
inline constexpr std::string_view order = "order of a set or keyed list";
inline constexpr std::string_view nothing_in_it = "empty value that the server leaves out";
inline constexpr std::string_view server_default = "default of the server";
inline constexpr std::string_view not_compared = "secret not compared";
inline constexpr std::string_view taken_over = "no longer declared, but held by somebody else now";
inline constexpr std::string_view normalises = "server normalises";
}  // namespace quiet

/// What one comparison needs. Everything outlives the call; null pointers mean "nothing known".
struct DiffInput {
  const ResourceType& type;
  const Value& desired;               ///< record of the type's schema; leaves may be open
  const LiveObject* live = nullptr;   ///< null or absent: everything desired is a change
  const FieldSet* applied = nullptr;  ///< what carbon last applied
  const std::vector<FieldPath>* ignore = nullptr;
  const DigestMap* desired_digests = nullptr;
  const DigestMap* live_digests = nullptr;
  const DigestMap* remembered_digests = nullptr;  ///< of what was last applied, from the inventory
  /// Of what its value digests were made: they tell drift from a changed platform file.
  const InventoryEntry* entry = nullptr;
  const KeyedDigest* digest = nullptr;
  /// Whether a secret is made anew by the plan that this is for; may be empty.
  std::function<bool(const Value& secret)> awaited = {};
  /// Where an origin stands; may be empty.
  std::function<Written(std::uint32_t origin)> locate = {};
  /// Identity record of a resource that a reference names; may be empty.
  std::function<Value(std::string_view address)> identity = {};
};

struct DiffResult {
  std::vector<FieldChange> fields;  ///< in the written order of the desired value, then what is removed
  std::uint32_t unchanged = 0;
  std::vector<FieldPath> removed;
  std::map<std::string_view, std::uint64_t> quiet;
  bool has_open = false;  ///< some `after` is known only at apply

  [[nodiscard]] bool empty() const { return fields.empty(); }
};

/// Compares what is wanted with what is there, by the rules of the schema. Pure. Omitted fields are
/// unmanaged; fields that were applied before and are gone now, and written nulls, are to be removed. O(size
/// log size).
[[nodiscard]] DiffResult diff(const DiffInput& input);

/// The fields that a desired value manages: what the inventory remembers once it is applied.
[[nodiscard]] FieldSet managed_fields(const ResourceType& type, const Value& desired,
                                      const std::vector<FieldPath>& ignore);

/// True if the set says something about the path: the path itself, something inside it, or a whole that it is
/// a part of.
[[nodiscard]] bool covers(const FieldSet& set, const FieldPath& path);

/// True if the path is the outer one, or leads to something inside it.
[[nodiscard]] bool is_within(const FieldPath& path, const FieldPath& outer);

}  // namespace carbon
