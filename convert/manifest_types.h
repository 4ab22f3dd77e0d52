#pragma once

#include <map>
#include <string>
#include <vector>

#include "convert/manifest.h"
#include "engine/expr/function.h"

namespace carbon {

/// A CustomResourceDefinition of the input and the file that it becomes.
struct DefinitionFile {
  const Manifest* definition = nullptr;
  std::string path;         ///< `crds/certificates.cert-manager.io.yaml`, from the root of the package
  std::string schema_name;  ///< behind `import schema … as`
  bool used = false;        ///< an object of the input is of its kind
  const ResourceType* type = nullptr;
};

/// Finds the type of every manifest: a built-in kind, or one that a definition of the input defines.
class ManifestTypes {
 public:
  /// Types of definitions are added to `types`.
  ManifestTypes(ResourceTypes& types, const Patterns& patterns, DiagnosticSink& sink)
      : types_(types), patterns_(patterns), sink_(sink) {}

  /// Types of definitions are called `ADDRESS.KIND` and count as declared at the place.
  void name_after(std::string_view address, SourceSpan span);
  /// Kinds of `import schema`, which `types` has already, are known too.
  void know_loaded_kinds() { loaded_kinds_ = true; }

  /// Errors: C0203 for a kind or version without a type, C0217 for a definition that cannot be read.
  void find(std::vector<Manifest>& manifests);

  [[nodiscard]] std::vector<DefinitionFile>& definitions() { return definitions_; }

 private:
  void read_definitions(const std::vector<Manifest>& manifests);
  [[nodiscard]] const ResourceType* built_in(const Manifest& manifest);
  [[nodiscard]] const ResourceType* defined(const Manifest& manifest);
  void read_type(DefinitionFile& file);
  void unknown(const Manifest& manifest);

  ResourceTypes& types_;
  const Patterns& patterns_;
  DiagnosticSink& sink_;
  std::vector<DefinitionFile> definitions_;
  std::string address_;  ///< empty: types are called as their import will be
  SourceSpan span_;
  bool loaded_kinds_ = false;
};

}  // namespace carbon
