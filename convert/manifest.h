#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "base/value.h"
#include "engine/model/resource_type.h"

namespace carbon {

/// One Kubernetes object of the input, on its way to carbon: read, typed, named, written.
struct Manifest {
  Value object;          ///< as it was read
  SourceSpan place;      ///< where it begins; of a Secret nowhere, since its line may hold a value
  std::size_t file = 0;  ///< of the input
  std::string api_version;
  std::string kind;
  std::string object_namespace;  ///< empty where none is written
  std::string name;

  const ResourceType* type = nullptr;
  Value desired;  ///< of the type, without what the server sets; secrets are terms
  std::string address;
  Value written;  ///< the same with references in the place of what they give

  /// `Deployment shop/web`
  [[nodiscard]] std::string title() const;
  /// apiVersion without its version: empty for the core group.
  [[nodiscard]] std::string_view group() const;
};

/// The text of a string field, or empty.
[[nodiscard]] std::string_view text_field(const Value& record, std::string_view name);
/// The place of a value, where it remembers one.
[[nodiscard]] SourceSpan place_of(const Value& value);

/// The objects of one file's documents, those of Lists one by one. Errors: C0217 for what is no object,
/// C0204 for one without a name.
[[nodiscard]] std::vector<Manifest> read_manifests(const std::vector<Value>& documents, std::size_t file,
                                                   DiagnosticSink& sink);

/// C0403 for two manifests of one object.
void refuse_duplicates(const std::vector<Manifest>& manifests, DiagnosticSink& sink);

}  // namespace carbon
