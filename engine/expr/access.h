#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

/// What `.name` or `[key]` does when the collection does not have it.
enum class Missing : std::uint8_t {
  null,   ///< records (an omitted `T?`) and json
  error,  ///< C0303
};

/// `object.name` on records, maps and json. A part of an open value is an open value: of an attribute it is
/// the longer path, and of a secret a secret. Errors, without a place: C0205 on null, C0201 on anything
/// without fields, C0303. References are the caller's: only the surroundings know their attributes.
[[nodiscard]] Result<Value> member(const Value& object, std::string_view name, Missing missing);

/// `object[key]`: a string key on maps and records, an int on lists and sets. Errors as above; C0201 for a
/// key of another kind.
[[nodiscard]] Result<Value> index(const Value& object, const Value& key, Missing missing);

/// `key in collection`: a value of a list or set, a key of a map or record. Open where only apply can tell;
/// C0503 when a secret would have to be compared, C0208 on anything else.
[[nodiscard]] Result<Value> contains(const Value& collection, const Value& key);

/// Lists joined in order. Parts may be lists, sets or unknown: with an unknown part the result is unknown.
[[nodiscard]] Result<Value> concat(std::vector<Value> parts);

/// Records or maps one over the other, later ones win; the first decides record or map. Parts may be unknown.
[[nodiscard]] Result<Value> overlay(std::vector<Value> parts);

/// Text parts joined; others are converted by canonical form. Open when a part is. C0205 for null, C0201 for
/// what has no canonical text.
[[nodiscard]] Result<Value> interpolate(std::vector<Value> parts);

}  // namespace carbon
