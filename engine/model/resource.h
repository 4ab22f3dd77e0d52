#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/field_path.h"
#include "base/quantity.h"
#include "base/source.h"
#include "base/value.h"
#include "engine/model/kept.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// Path of names and keys that says which resource is meant: `db`, `orders.role`, `analytics.workers["a"]`.
/// Unique in a platform; ties everywhere are broken by its byte order.
using Address = std::string;

enum class ReplaceOrder : std::uint8_t {
  destroy_first,
  create_first,  ///< the former object goes when everything that needs the resource uses the new one
  never,
};

/// `retry 3 by 10s`: how often a write that had no effect is sent again, and the pause before each.
struct Retry {
  std::uint32_t times = 0;
  Duration pause;
};

/// The words in a resource's body that steer the engine; they can never collide with fields.
struct Settings {
  bool protect = false;
  std::vector<FieldPath> ignore;  ///< set at create, never compared later
  std::optional<Duration> timeout;
  std::optional<Retry> retry;
  ReplaceOrder replace = ReplaceOrder::destroy_first;
  std::optional<std::string> adopt;  ///< live id; empty text adopts what the identity names
  std::vector<Keep> keeps;
};

enum class ResourceMode : std::uint8_t {
  managed,          ///< `resource`
  lookup,           ///< `lookup`: read, never written; a missing one is an error
  optional_lookup,  ///< `lookup x : T?`: a missing one is null
};

/// One object that the platform declares. `desired` is a record of the type's schema; leaf values may be
/// open. Its identity fields have their defaults filled in.
struct Resource {
  Address address;
  const ResourceType* type = nullptr;
  ResourceMode mode = ResourceMode::managed;
  std::uint32_t provider = 0;  ///< index into ResourceGraph::providers()
  Value desired;
  Settings settings;
  SourceSpan span;  ///< of the declaration's name
  /// Of a lookup that no block of the file declares: what to do when its object is not there.
  std::string missing_remedy = {};
};

/// A connection that resources go through. `config` is a record of the connection type's schema, with secrets
/// as handles and possibly unknown leaves.
struct Provider {
  Address address;
  const ResourceType* type = nullptr;
  Value config;
  SourceSpan span;
  /// `served_by`: the resources that its server consists of. Before they are there it is not asked.
  std::vector<Address> served_by = {};
};

/// `output name : T = …` at the root.
struct Output {
  std::string name;
  Value value;
  SourceSpan span;
};

}  // namespace carbon
