#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/model/resource.h"
#include "engine/ports/connector.h"

namespace carbon {

/// One field of a resource: the value that the files give it, where that was written, and what the server
/// has.
struct WhyField {
  std::string path;
  std::string value;         ///< as plans show it: a secret is `(secret)`
  std::uint32_t origin = 0;  ///< where the value was written, in the SourceMap; 0: in no file
  std::string
      file;  ///< where the value was written: an input's default, an environment's line, the field itself
  std::uint32_t line = 0;
  std::string source;  ///< that line, without its indent
  std::string live;    ///< empty when it is not there, or was not read
  std::string writer;  ///< who wrote it, where the server says so: `carbon`, or a manager and a time
};

/// The answer of `carbon why ADDRESS[.field]`.
struct Why {
  std::string address;
  std::string type;
  std::string file;
  std::uint32_t line = 0;
  std::string field;               ///< as asked for; empty: all
  std::vector<WhyField> fields;    ///< in the order of the resource
  std::vector<std::string> needs;  ///< addresses
  std::vector<std::string> needed_by;
  std::string not_read;  ///< why the live object is not known; empty when it is, also when it is absent
  bool absent = false;   ///< it does not exist yet
};

/// The leaves of what is declared, beneath a path, with what is live beside them. Secrets are masked by the
/// type.
[[nodiscard]] std::vector<WhyField> why_fields(const Resource& resource, const FieldPath& beneath,
                                               const LiveObject* live);

[[nodiscard]] std::string why_text(const Why& why, std::size_t width);
/// `{ format_version, address, type, file, line, live, fields: [ … ], needs: [ … ], needed_by: [ … ] }`
[[nodiscard]] std::string why_json(const Why& why);

}  // namespace carbon
