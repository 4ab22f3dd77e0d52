#pragma once

#include <string>

#include "base/result.h"
#include "base/value.h"
#include "engine/ports/io.h"

namespace carbon {

/// The data of a GeneratedSecret: for each key of `keys` that `kept` lacks, `length` random characters of
/// `alphabet` (letters and digits where none is written), as base64. What is stored already is never made
/// again, also where its key is no longer declared. Errors: facet_violated for an alphabet that is not of 2
/// to 256 printable ASCII characters, or a length that is no positive number.
[[nodiscard]] Result<Value> generated_data(const Value& keys, const Value& kept, Io& io);

/// `length` characters drawn from the alphabet, each with the same probability.
[[nodiscard]] std::string random_text(std::string_view alphabet, std::size_t length, Io& io);

}  // namespace carbon
