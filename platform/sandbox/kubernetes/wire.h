#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/object_schema.h"

namespace carbon::sandbox {

/// The object as Go's types would hold and write it: nulls and empty optional fields go, structs that are no
/// pointers appear, quantities get their canonical spelling. A custom resource keeps what it has but for its
/// metadata and what its schema prunes. O(size).
[[nodiscard]] Value as_encoded(const SchemaNode& schema, const Value& object);

/// An object of the kind before anything is set.
[[nodiscard]] Value blank_object(const SchemaNode& schema);

/// What strict decoding would complain of: `unknown field "spec.x"`.
[[nodiscard]] std::vector<std::string> unknown_fields(const SchemaNode& schema, const Value& object);

/// Fields that a JSON text names twice, as dotted paths (`data.a`); empty for text that is no JSON.
[[nodiscard]] std::vector<std::string> duplicate_fields(std::string_view json);

/// Why the body cannot become the Go type, in encoding/json's words; empty when it can.
[[nodiscard]] std::string decode_error(const SchemaNode& schema, std::string_view kind, const Value& object);

}  // namespace carbon::sandbox
