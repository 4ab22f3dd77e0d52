#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/field_path.h"

namespace carbon {

/// What a field asks of the object that it names: a key of a Secret or ConfigMap, a port of a Service.
struct ReferencedPart {
  enum class Kind : std::uint8_t { key, port_name, port_number };
  Kind kind = Kind::key;
  std::string name;          ///< the key, or the port as text
  FieldPath path;            ///< the field that asks
  std::uint32_t origin = 0;  ///< where it is written; 0 where it is not
};

/// What it means that the object is not there.
enum class ReferenceNeed : std::uint8_t {
  required,  ///< whoever names it does not work
  expected,  ///< it does, but somebody made a mistake
  order,     ///< nothing: it need not exist as an object
};

/// A field of an object that names another object: a dependency that nobody has to write.
struct ObjectReference {
  std::string group;  ///< empty for the core group
  std::string kind;
  /// Empty for cluster-scoped kinds, and where the object itself writes no namespace (the provider's then).
  std::string object_namespace;
  std::string name;
  FieldPath path;            ///< the field that names it
  std::uint32_t origin = 0;  ///< where the name is written; 0 where it is not
  bool optional = false;     ///< the object also works without (`optional = true` of a secretKeyRef)
  ReferenceNeed need = ReferenceNeed::required;
  std::vector<ReferencedPart> parts;
};

}  // namespace carbon
