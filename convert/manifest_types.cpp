#include "convert/manifest_types.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "convert/naming.h"
#include "dsl/schema/schema.h"
#include "stdlib/k8s/kinds.h"

namespace carbon {

namespace {

const Value* at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* found = &value;
  for (std::string_view step : path) {
    if (found != nullptr) found = found->find(step);
  }
  return found;
}

std::string_view text_at(const Value& value, std::initializer_list<std::string_view> path) {
  const Value* found = at(value, path);
  return found != nullptr && found->is_string() ? found->text() : std::string_view();
}

}  // namespace

void ManifestTypes::name_after(std::string_view address, SourceSpan span) {
  address_ = address;
  span_ = span;
}

void ManifestTypes::find(std::vector<Manifest>& manifests) {
  read_definitions(manifests);
  for (Manifest& each : manifests) {
    each.type = built_in(each);
    if (each.type == nullptr) each.type = defined(each);
  }
}

void ManifestTypes::read_definitions(const std::vector<Manifest>& manifests) {
  std::set<std::string> names;
  for (const Manifest& each : manifests) {
    if (each.kind != "CustomResourceDefinition" || each.group() != "apiextensions.k8s.io") continue;
    DefinitionFile& file = definitions_.emplace_back();
    file.definition = &each;
    file.path = fmt::format("crds/{}.yaml", each.name);
    std::string plural = identifier(text_at(each.object, {"spec", "names", "plural"}));
    bool usable = !plural.empty() && !is_taken_word(plural);
    file.schema_name = usable && names.insert(plural).second ? plural : identifier(each.name);
    names.insert(file.schema_name);
    if (!address_.empty()) file.schema_name = address_;
  }
}

const ResourceType* ManifestTypes::built_in(const Manifest& manifest) {
  const KubernetesKind* kind = find_kubernetes_kind(manifest.kind);
  if (kind == nullptr || kind->group != manifest.group()) return nullptr;
  std::string served =
      kind->group.empty() ? std::string(kind->version) : fmt::format("{}/{}", kind->group, kind->version);
  if (served == manifest.api_version) return types_.find("k8s." + manifest.kind);
  sink_
      .error(DiagnosticCode::unknown_type,
             fmt::format("{}: carbon has `{}` and not `{}`", manifest.title(), served, manifest.api_version),
             manifest.place)
      .helps.push_back(
          {fmt::format("bring it to `{}`, for instance with `kubectl convert --output-version {}`", served,
                       served),
           {}});
  return nullptr;
}

const ResourceType* ManifestTypes::defined(const Manifest& manifest) {
  const KubernetesKind* kind = find_kubernetes_kind(manifest.kind);
  if (kind != nullptr && kind->group == manifest.group()) return nullptr;  // said: another version
  std::size_t slash = manifest.api_version.find('/');
  std::string_view version =
      std::string_view(manifest.api_version).substr(slash == std::string::npos ? 0 : slash + 1);
  const ResourceType* imported =
      loaded_kinds_ ? types_.loaded_kind(manifest.group(), version, manifest.kind) : nullptr;
  // An install file's own definitions come before what the platform imports; a live object has only these.
  if (imported != nullptr && address_.empty()) return imported;
  for (DefinitionFile& each : definitions_) {
    const Value& object = each.definition->object;
    bool of_it = text_at(object, {"spec", "group"}) == manifest.group() &&
                 text_at(object, {"spec", "names", "kind"}) == manifest.kind;
    if (!of_it) continue;
    if (!each.used) read_type(each);
    if (each.type == nullptr || each.type->kubernetes.api_version() == manifest.api_version) return each.type;
    sink_
        .error(DiagnosticCode::unknown_type,
               fmt::format("{}: its definition stores `{}` and not `{}`", manifest.title(),
                           each.type->kubernetes.api_version(), manifest.api_version),
               manifest.place)
        .helps.push_back({"write the object in the stored version", {}});
    return nullptr;
  }
  if (imported == nullptr) unknown(manifest);
  return imported;
}

void ManifestTypes::read_type(DefinitionFile& file) {
  file.used = true;
  if (!address_.empty()) {
    // A program that is expanded again has it already, and objects that point at it.
    std::string_view kind = text_at(file.definition->object, {"spec", "names", "kind"});
    file.type = types_.find(fmt::format("{}.{}", address_, kind));
    if (file.type != nullptr) return;
  }
  Import import;
  import.kind = ImportKind::schema;
  import.path = file.path;
  import.name = file.schema_name;
  import.type = DataType::schema;
  import.span = span_;
  ImportedData data;
  data[{file.path, DataType::schema}] = Value::list({file.definition->object});
  Result<std::vector<SchemaType>> read = read_schema({import, data, types_, patterns_});
  if (read) {
    file.type = read->front().resource;
    return;
  }
  Diagnostic diagnostic = read.error().diagnostic();
  diagnostic.message = fmt::format("{}: {}", file.definition->title(), diagnostic.message);
  diagnostic.labels.insert(diagnostic.labels.begin(), {file.definition->place, ""});
  sink_.add(std::move(diagnostic));
}

void ManifestTypes::unknown(const Manifest& manifest) {
  const KubernetesKind* elsewhere = find_kubernetes_kind(manifest.kind);
  std::string help = "give the file with its CustomResourceDefinition too";
  if (elsewhere != nullptr)
    help = fmt::format("write it in `{}/{}`, where `{}` is now", elsewhere->group, elsewhere->version,
                       manifest.kind);
  sink_
      .error(DiagnosticCode::unknown_type,
             fmt::format("{}: there is no type for `{}` `{}`", manifest.title(), manifest.api_version,
                         manifest.kind),
             manifest.place)
      .helps.push_back({std::move(help), {}});
}

}  // namespace carbon
