#include "convert/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace carbon {

std::string Manifest::title() const {
  return object_namespace.empty() ? fmt::format("{} {}", kind, name)
                                  : fmt::format("{} {}/{}", kind, object_namespace, name);
}

std::string_view Manifest::group() const {
  std::size_t slash = api_version.find('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(api_version).substr(0, slash);
}

std::string_view text_field(const Value& record, std::string_view name) {
  const Value* value = record.find(name);
  return value != nullptr && value->is_string() ? value->text() : std::string_view();
}

SourceSpan place_of(const Value& value) {
  return value.origin() == 0 ? SourceSpan{} : SourceSpan{value.origin(), value.origin() + 1};
}

namespace {

class ManifestReader {
 public:
  ManifestReader(std::size_t file, DiagnosticSink& sink) : file_(file), sink_(sink) {}

  void document(const Value& document) { add(document, "a document", 0); }

  std::vector<Manifest> take() { return std::move(manifests_); }

 private:
  /// A List holds objects, and kubectl also takes a List of Lists.
  static constexpr int deepest_list = 8;

  void add(const Value& object, std::string_view what, int depth) {
    if (!object.is_fields() || text_field(object, "apiVersion").empty() ||
        text_field(object, "kind").empty()) {
      sink_
          .error(DiagnosticCode::bad_import_data,
                 fmt::format("{} is no Kubernetes object: `apiVersion` and `kind` are not both there", what),
                 place_of(object))
          .helps.push_back(
              {"give the output of `helm template` or `kustomize build`, not their sources", {}});
      return;
    }
    const Value* items = object.find("items");
    bool list = text_field(object, "kind").ends_with("List") && items != nullptr && items->is_sequence();
    if (!list) return manifest(object);
    if (depth == deepest_list) {
      sink_.error(DiagnosticCode::bad_import_data, "Lists in Lists in Lists", place_of(object));
      return;
    }
    for (const Value& item : items->items()) add(item, "an item of a List", depth + 1);
  }

  void manifest(const Value& object) {
    Manifest made;
    made.object = object;
    made.file = file_;
    made.api_version = text_field(object, "apiVersion");
    made.kind = text_field(object, "kind");
    if (made.kind != "Secret") made.place = place_of(object);
    const Value* metadata = object.find("metadata");
    if (metadata != nullptr) {
      made.name = text_field(*metadata, "name");
      made.object_namespace = text_field(*metadata, "namespace");
    }
    if (made.name.empty()) {
      bool generated = metadata != nullptr && metadata->find("generateName") != nullptr;
      sink_
          .error(DiagnosticCode::missing_field,
                 fmt::format("a {} without `metadata.name`{}", made.kind,
                             generated ? ": with `generateName` every apply would make another object" : ""),
                 made.place)
          .helps.push_back({"give it a `metadata.name`", {}});
      return;
    }
    manifests_.push_back(std::move(made));
  }

  std::size_t file_;
  DiagnosticSink& sink_;
  std::vector<Manifest> manifests_;
};

}  // namespace

std::vector<Manifest> read_manifests(const std::vector<Value>& documents, std::size_t file,
                                     DiagnosticSink& sink) {
  ManifestReader reader(file, sink);
  for (const Value& document : documents) reader.document(document);
  return reader.take();
}

void refuse_duplicates(const std::vector<Manifest>& manifests, DiagnosticSink& sink) {
  std::map<std::string, const Manifest*> seen;
  for (const Manifest& each : manifests) {
    std::string key =
        fmt::format("{}\n{}\n{}\n{}", each.group(), each.kind, each.object_namespace, each.name);
    auto [at, fresh] = seen.emplace(std::move(key), &each);
    if (fresh) continue;
    Diagnostic& error = sink.error(DiagnosticCode::duplicate_identity,
                                   fmt::format("{} is there twice", each.title()), each.place, "again here");
    error.labels.push_back({at->second->place, "first here"});
    error.helps.push_back({"remove one of the two from the input", {}});
  }
}

}  // namespace carbon
