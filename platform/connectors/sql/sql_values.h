#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "base/value.h"
#include "engine/ports/io.h"

namespace carbon {

/// The rows of a result as a list of records, columns by name, each typed by its OID
/// (src/include/catalog/pg_type.dat): booleans, integers, numerics (exact), floats, json and jsonb, bytea,
/// arrays of text and of integers; anything else is text. Errors: bad_reply.
[[nodiscard]] Result<Value> rows_value(const SqlRows& rows);

/// The text of a bound parameter; nothing for NULL. A list of plain values is an array literal (`{"a","b"}`),
/// any other collection is JSON.
[[nodiscard]] std::optional<std::string> parameter_text(const Value& value);

}  // namespace carbon
