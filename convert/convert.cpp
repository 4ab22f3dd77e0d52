#include "convert/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "base/value_document.h"
#include "convert/linking.h"
#include "convert/manifest_types.h"
#include "convert/naming.h"
#include "convert/source_text.h"
#include "convert/typed_object.h"
#include "dsl/format/format.h"
#include "dsl/format/literal_text.h"
#include "dsl/parse/parse.h"

namespace carbon {

using document::field;
using document::text;

namespace {

/// The text in its canonical style; as it is if it does not parse, which compiling it will say.
std::string formatted(const std::string& path, std::string text) {
  SourceMap sources;
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, sources.add(path, text), sink);
  return sink.has_errors() ? text : format(tree);
}

/// A definition as a manifest again, for the file that its resource and the types of its kind come from.
Value definition_manifest(const Manifest& manifest) {
  std::vector<Entry> fields{field("apiVersion", text(manifest.api_version)),
                            field("kind", text(manifest.kind))};
  for (const Entry& entry : manifest.desired.entries()) fields.push_back(entry);
  return Value::record(std::move(fields));
}

class Conversion {
 public:
  Conversion(const ConvertInput& input, ResourceTypes& types, const Patterns& patterns, DiagnosticSink& sink)
      : input_(input), types_(types, patterns, sink), sink_(sink) {}

  Converted run() {
    for (std::size_t i = 0; i < input_.files.size(); ++i) {
      std::vector<Manifest> read = read_manifests(input_.files[i].documents, i, sink_);
      std::move(read.begin(), read.end(), std::back_inserter(manifests_));
    }
    if (!input_.taken.empty()) types_.know_loaded_kinds();
    refuse_duplicates(manifests_, sink_);
    types_.find(manifests_);
    if (sink_.has_errors()) return {};
    read_objects();
    if (sink_.has_errors()) return {};
    name_objects();
    write();
    return std::move(made_);
  }

 private:
  void read_objects() {
    TypedObjects typed(sink_);
    for (Manifest& each : manifests_) each.desired = typed.read(each);
    hide_secret_values(manifests_, made_.variables, sink_);
    made_.left_out = typed.left_out();
    for (const DefinitionFile& each : types_.definitions()) {
      if (!each.used || input_.package) continue;
      sink_
          .error(DiagnosticCode::unknown_type,
                 fmt::format("objects of {} need its file beside the text", each.definition->title()),
                 each.definition->place)
          .helps.push_back({"write into a folder with `-o DIR`", {}});
    }
  }

  void name_objects() {
    for (const std::string& name : input_.taken) names_.reserve(name);
    for (const DefinitionFile& each : types_.definitions()) {
      names_.reserve(each.schema_name);
      names_.reserve(definition_name(each));
    }
    give_addresses(manifests_, names_);
    std::vector<SharedValue> shared;
    link(manifests_, input_.default_namespace, shared, names_);
    share_labels(manifests_, shared, names_);
    for (const SharedValue& each : shared)
      lets_ += fmt::format("let {} = {}\n", each.name, source_text(each.value));
    for (const Manifest& each : manifests_)
      made_.objects.push_back({each.address, each.title(), each.place, each.desired});
  }

  static std::string definition_name(const DefinitionFile& file) { return file.schema_name + "_definition"; }

  const DefinitionFile* definition_of(const Manifest& manifest) {
    if (!input_.package) return nullptr;
    for (const DefinitionFile& each : types_.definitions()) {
      if (each.definition == &manifest) return &each;
    }
    return nullptr;
  }

  void write() {
    for (std::size_t i = 0; i < input_.files.size(); ++i) {
      std::set<std::string> imports;
      std::string body;
      for (const Manifest& each : manifests_) {
        if (each.file == i) body += resource(each, imports);
      }
      if (body.empty()) continue;
      std::string head;
      for (const std::string& each : imports) head += each + "\n";
      std::string path = input_.files[i].name + ".carbon";
      std::string text = fmt::format("{}\n{}\n{}", head, std::exchange(lets_, {}), body);
      made_.sources.push_back({path, formatted(path, std::move(text))});
    }
    if (!input_.package) return;
    for (const DefinitionFile& each : types_.definitions())
      made_.data.push_back({each.path, definition_manifest(*each.definition)});
  }

  std::string resource(const Manifest& manifest, std::set<std::string>& imports) {
    Value written = manifest.written;
    imports.insert("import \"std/k8s\"");
    if (const DefinitionFile* file = definition_of(manifest)) {
      imports.insert(
          fmt::format("import {} as {} : yaml", string_literal(file->path), definition_name(*file)));
      written = by_import(written, definition_name(*file));
    }
    std::string settings;
    for (const DefinitionFile& each : types_.definitions()) {
      if (each.type != manifest.type || !each.used) continue;
      imports.insert(fmt::format("import schema {} as {}", string_literal(each.path), each.schema_name));
      settings += fmt::format(" after {}\n", each.definition->address);
    }
    if (input_.adopt) settings += fmt::format(" adopt {}\n", string_literal(live_id(manifest)));
    return fmt::format("resource {} : {} {}\n", manifest.address, manifest.type->name,
                       body_text(written, settings));
  }

  /// As a plan names the object.
  static std::string live_id(const Manifest& manifest) {
    return manifest.object_namespace.empty() ? manifest.name
                                             : fmt::format("{}/{}", manifest.object_namespace, manifest.name);
  }

  /// `spec = certificates_definition.spec`: nobody reads a schema of a thousand lines twice.
  static Value by_import(const Value& written, const std::string& name) {
    std::vector<Entry> fields;
    for (const Entry& entry : written.entries()) {
      bool spec = entry.key.text() == "spec";
      fields.push_back({entry.key, spec ? expression(name + ".spec") : entry.value});
    }
    return Value::record(std::move(fields));
  }

  const ConvertInput& input_;
  ManifestTypes types_;
  DiagnosticSink& sink_;
  std::vector<Manifest> manifests_;
  Names names_;
  std::string lets_;  ///< before the first resource of the first file
  Converted made_;
};

}  // namespace

Converted convert_manifests(const ConvertInput& input, ResourceTypes& types, const Patterns& patterns,
                            DiagnosticSink& sink) {
  return Conversion(input, types, patterns, sink).run();
}

}  // namespace carbon
