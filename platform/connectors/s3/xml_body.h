#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

/// An XML document as a value (docs/systems/via-s3.md): a map with the root's name. An element without
/// elements is its text, or null if it is empty; another is a map of the elements in it, and those of one
/// name are a list. Attributes and prefixes of names are left out. At most 8 MiB and 32 elements deep, and no
/// document type. Errors: bad_reply.
[[nodiscard]] Result<Value> parse_xml(std::string_view text);

/// The document of a record with one member, its root, in the name space of S3. A list is one element for
/// each item; null is none. Errors: type_mismatch for what has no text, and for names that are none of XML.
[[nodiscard]] Result<std::string> to_xml(const Value& value);

/// Whether a reply's body is XML, by its Content-Type or, without one, by how it begins.
[[nodiscard]] bool looks_like_xml(const std::string* content_type, std::string_view body);

}  // namespace carbon
