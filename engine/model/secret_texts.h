#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// The texts in a value that must never be repeated: of every secret, sensitive and write-only field, at any
/// depth. What is base64 there, as in a Secret's `data`, is among them in both forms.
[[nodiscard]] std::vector<std::string> secret_texts(const Value& value, const Type& schema);

/// Words that somebody else wrote (a server's error, a log line) with every secret replaced by `(secret)`, in
/// whatever spelling it is quoted: as it is, in JSON, SQL or a URL, in base64 or hexadecimal. Where a secret
/// is too short to be told from ordinary text, nothing of the words is left.
[[nodiscard]] std::string without_secrets(std::string words, const std::vector<std::string>& secrets);

}  // namespace carbon
