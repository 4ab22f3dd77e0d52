#include "convert/manifest_objects.h"

#include "convert/manifest.h"
#include "convert/manifest_types.h"
#include "convert/typed_object.h"

namespace carbon {

namespace {

/// What a sink has, at one place: the text is a value and has no places of its own.
void hand_over(const DiagnosticSink& from, SourceSpan span, DiagnosticSink& to) {
  for (Diagnostic each : from.all()) {
    each.labels = {{span, ""}};
    to.add(std::move(each));
  }
}

}  // namespace

std::vector<ManifestObject> manifest_objects(const ManifestText& text, const std::vector<Value>& documents,
                                             ResourceTypes& types, const Patterns& patterns,
                                             DiagnosticSink& sink) {
  DiagnosticSink own;
  std::vector<Manifest> manifests = read_manifests(documents, 0, own);
  refuse_duplicates(manifests, own);
  ManifestTypes finding(types, patterns, own);
  finding.name_after(text.address, text.span);
  finding.know_loaded_kinds();
  finding.find(manifests);
  std::vector<ManifestObject> objects;
  TypedObjects typed(own);
  for (const Manifest& each : manifests) {
    if (each.type == nullptr) continue;
    ManifestObject made{each.kind, each.object_namespace, each.name, each.type, typed.read(each), {}};
    for (const DefinitionFile& file : finding.definitions()) {
      if (file.used && file.type == each.type)
        made.definition = static_cast<std::size_t>(file.definition - manifests.data());
    }
    objects.push_back(std::move(made));
  }
  hand_over(own, text.span, sink);
  return objects;
}

}  // namespace carbon
