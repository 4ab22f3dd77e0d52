#pragma once

#include <string_view>

#include "base/result.h"
#include "engine/model/resource_type.h"
#include "engine/ports/connector.h"

namespace carbon {

/// The name under which carbon applies (KEP-555, "field manager").
inline constexpr std::string_view field_manager = "carbon";
/// Writes what is kept for other resources. Another manager, since an apply of `carbon` takes away what it
/// once applied and no longer says.
inline constexpr std::string_view keep_manager = "carbon-keep";
/// Sets fields together with the removal of what excludes them (kubernetes_exchange.cpp).
inline constexpr std::string_view exchange_manager = "carbon-exchange";
/// The annotation that holds the operation token. Its value is 32 random hexadecimal digits.
inline constexpr std::string_view operation_annotation = "carbon.dev/operation";

/// Turns objects, as the server sent them, into LiveObjects: managedFields decoded and taken out, and the
/// operation annotation too, so that neither appears in a difference. Items of a list get the kind and
/// apiVersion that the server leaves out there. A GeneratedSecret's data are decoded. One a list: objects
/// that follow each other mostly have the same fields, and then share one FieldSet.
class LiveObjectReader {
 public:
  explicit LiveObjectReader(const ResourceType& type) : type_(type) {}

  /// Errors: bad_reply when the object lacks what every object has (kind or name other than asked for, uid,
  /// resourceVersion).
  [[nodiscard]] Result<LiveObject> read(const Value& json);

 private:
  /// What was decoded last, and from what.
  struct Decoded {
    Value fields;
    FieldSet set;
  };
  [[nodiscard]] Status read_managers(const Value& metadata, LiveObject& live);
  [[nodiscard]] Result<FieldSet> decode(const Value& fields, Decoded& last, bool own) const;

  const ResourceType& type_;
  Decoded own_;
  Decoded others_;
};

/// One object alone.
[[nodiscard]] inline Result<LiveObject> read_live_object(const Value& json, const ResourceType& type) {
  return LiveObjectReader(type).read(json);
}

/// The object alone, as a dry run gives it: without managedFields, operation annotation, uid and version.
[[nodiscard]] Value preview_object(const Value& json);

}  // namespace carbon
