#pragma once

#include <string>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/object_schema.h"
#include "platform/sandbox/kubernetes/path_set.h"

namespace carbon::sandbox {

// The typed walks of server-side apply: what sigs.k8s.io/structured-merge-diff v6 does (typed/*.go), over
// SchemaNodes. Values are as JSON; a missing object is nullptr, which is not the same as a null.

enum class Duplicates : std::uint8_t { refused, allowed };

/// Why the value does not fit the schema, in the server's words: unknown fields, wrong types, items of one
/// key.
[[nodiscard]] std::vector<std::string> typed_errors(const SchemaNode& schema, const Value& value,
                                                    Duplicates duplicates);

/// The paths that a value sets.
[[nodiscard]] PathSet paths_of(const SchemaNode& schema, const Value& value);

/// What an applied configuration makes of a live object: `config` wins, what it does not mention stays. Items
/// of associative lists keep the live order, new ones go where the configuration has them.
[[nodiscard]] Value merged(const SchemaNode& schema, const Value& live, const Value& config);

struct Comparison {
  PathSet added;
  PathSet modified;
  PathSet removed;

  [[nodiscard]] bool same() const { return added.empty() && modified.empty() && removed.empty(); }
};

[[nodiscard]] Comparison compared(const SchemaNode& schema, const Value& before, const Value& after);

/// The value without what stands at the members of the set. Objects that become empty go too.
[[nodiscard]] Value without_paths(const SchemaNode& schema, const Value& value, const PathSet& paths);

/// The step to an item of a list: `k:{…}` with the schema's defaults for missing keys, `v:…` in a set.
[[nodiscard]] std::string item_step(const SchemaNode& list, const Value& item, std::size_t index);

}  // namespace carbon::sandbox
