#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

enum class JsonStyle : std::uint8_t { compact, indented };

/// Reads one JSON document (RFC 8259). Objects become maps, arrays lists; a number that is no 64-bit integer
/// becomes a decimal with its source text, so nothing passes through double. Depth at most 512. Duplicate
/// keys: the last wins, as Go's decoder does. Errors: bad_reply with what is wrong and the byte offset.
[[nodiscard]] Result<Value> parse_json(std::string_view text);

/// JSON of a value for a server: quantities and durations in Kubernetes' spelling, blobs as base64, sets as
/// arrays. Keys of maps are sorted, records keep their order. A secret is written as "(secret)" and an
/// unknown as
/// "(known after apply)": this is also the safe form for people; requests are built from resolved values
/// only.
[[nodiscard]] std::string to_json(const Value& value, JsonStyle style = JsonStyle::compact);

/// Lossless JSON of any value, open terms included, for plan files and the inventory. Records are plain
/// objects; other kinds that JSON lacks are objects with one key that begins with `$`. Equal values give
/// equal text; origins and the written order of records are not kept.
[[nodiscard]] std::string encode_value(const Value& value);
[[nodiscard]] Result<Value> decode_value(std::string_view text);
/// The same for a part of a larger JSON document that was read by parse_json.
[[nodiscard]] Result<Value> decode_value(const Value& json);

/// A JSON string literal, quotes included; only the escapes that every YAML parser knows.
[[nodiscard]] std::string json_quote(std::string_view text);

}  // namespace carbon
