#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/value.h"
#include "convert/manifest.h"
#include "convert/secret_values.h"
#include "engine/expr/function.h"

namespace carbon {

/// What is converted: the documents of each file, read by parse_manifests or parse_json.
struct ConvertInput {
  struct File {
    std::string name;  ///< of the carbon file that it becomes, without its ending
    std::vector<Value> documents;
  };
  std::vector<File> files;
  bool package = false;  ///< other files may stand beside the text: definitions are imported from them
  bool adopt = false;    ///< the objects are there already, and are taken over
  /// Names that the package has; kinds of its `import schema` are then known too.
  std::vector<std::string> taken;
  std::string default_namespace;  ///< the provider's, which need not be written; empty where it is not known
};

/// One object of the input and what a compiled platform must make of it.
struct ConvertedObject {
  std::string address;
  std::string title;
  SourceSpan place;
  Value desired;
};

struct Converted {
  struct TextFile {
    std::string path;  ///< from the root of the package
    std::string text;  ///< in the canonical style
  };
  /// A CustomResourceDefinition, to be written as YAML.
  struct DataFile {
    std::string path;
    Value value;
  };
  std::vector<TextFile> sources;
  std::vector<DataFile> data;
  std::vector<ConvertedObject> objects;
  std::vector<SecretVariable> variables;
  std::map<std::string, std::size_t> left_out;  ///< fields that the server sets, and how often
};

/// Manifests to carbon: docs/reference/convert.md. Pure. Types of definitions in the input are added to
/// `types`. Errors: those of read_manifests, refuse_duplicates, ManifestTypes, TypedObjects and
/// hide_secret_values; the result counts only if the sink has none.
[[nodiscard]] Converted convert_manifests(const ConvertInput& input, ResourceTypes& types,
                                          const Patterns& patterns, DiagnosticSink& sink);

}  // namespace carbon
