// k8s.Manifests, and types that bring their objects along: each object of a text becomes a resource of its
// own type.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/spelling.h"
#include "base/value_json.h"
#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

/// `Deployment/shop/web`: part of the address, so it never depends on the order in the file.
std::string object_key(const ManifestObject& object) {
  return object.object_namespace.empty()
             ? fmt::format("{}/{}", object.kind, object.name)
             : fmt::format("{}/{}/{}", object.kind, object.object_namespace, object.name);
}

/// A patch and whether an object was found for it.
struct ManifestPatch {
  std::string kind;
  std::string name;  ///< or namespace/name
  Value value;
  SourceSpan span;
  bool used = false;
};

std::vector<ManifestPatch> patches_of(const Value& desired, SourceSpan span) {
  std::vector<ManifestPatch> made;
  const Value* kinds = desired.find("patches");
  if (kinds == nullptr || !kinds->is_fields()) return made;
  for (const Entry& kind : kinds->entries()) {
    if (!kind.value.is_fields()) continue;
    for (const Entry& name : kind.value.entries()) {
      std::uint32_t at = name.key.origin();
      made.push_back({std::string(kind.key.text()), std::string(name.key.text()), name.value,
                      at == 0 ? span : SourceSpan{at, at + 1}});
    }
  }
  return made;
}

ManifestPatch* patch_of(std::vector<ManifestPatch>& patches, const ManifestObject& object) {
  std::string full = fmt::format("{}/{}", object.object_namespace, object.name);
  ManifestPatch* found = nullptr;
  for (ManifestPatch& each : patches) {
    if (each.kind != object.kind || (each.name != object.name && each.name != full)) continue;
    each.used = true;
    if (found == nullptr || each.name == full) found = &each;  // the one that says more
  }
  return found;
}

/// The field by which it is known what objects there are.
std::string_view deciding_field(const ResourceType& type) { return type.documents ? "kinds" : "yaml"; }

/// Why it is not known yet what objects there are.
std::optional<Error> undecided(const ResourceType& type, const Value& body, SourceSpan span) {
  std::string_view field = deciding_field(type);
  const Value* said = body.find(field);
  if (said == nullptr) return std::nullopt;
  return open_problem(fmt::format("`{}`, which says what objects there are,", field), *said, span);
}

/// Where the objects are read from; `documents` is where those of a type that brings them along are kept.
ManifestText text_of(const ResourceType& type, const Value& body, std::vector<Value>& documents) {
  ManifestText given;
  if (!type.documents) {
    given.text = body.find(deciding_field(type))->text();
    return given;
  }
  documents = type.documents(body);
  given.documents = &documents;
  return given;
}

/// False after C0418 for a patch that no object took.
bool report_unused(const std::vector<ManifestPatch>& patches, const std::vector<ManifestObject>& objects,
                   DiagnosticSink& sink) {
  bool good = true;
  for (const ManifestPatch& each : patches) {
    if (each.used) continue;
    good = false;
    std::vector<std::string_view> names;
    for (const ManifestObject& object : objects) {
      if (object.kind == each.kind) names.push_back(object.name);
    }
    Diagnostic& error =
        sink.error(DiagnosticCode::unknown_patch_target,
                   fmt::format("the manifests have no {} `{}` to patch", each.kind, each.name), each.span);
    std::string_view near = nearest(each.name, names);
    if (!near.empty()) error.helps.push_back({fmt::format("did you mean `{}`?", near), {}});
  }
  return good;
}

}  // namespace

bool Expander::manifests(Member& member) {
  const Instance& instance = *member.declaration.instance;
  SourceSpan span = member.declaration.span;
  Resource common;
  common.type = instance.type;
  common.span = span;
  std::optional<std::uint32_t> provider = provider_of(member);
  if (!provider) return false;
  common.provider = *provider;
  met_.clear();
  std::optional<Value> body = evaluate_in(*instance.body, member.frame);
  if (!body || !patch(member, *body)) return false;
  Dependencies depends = std::exchange(met_, {});
  inherit(member, depends);
  if (!settings(member, common)) return false;
  if (auto problem = undecided(*instance.type, *body, span)) {
    report(*problem);
    return false;
  }
  if (!options_.manifests) {
    sink_.error(DiagnosticCode::not_yet_supported, "manifests cannot be read here", span);
    return false;
  }
  std::size_t errors = sink_.error_count();
  std::vector<Value> documents;
  ManifestText given = text_of(*instance.type, *body, documents);
  given.address = member.address;
  given.span = span;
  std::vector<ManifestObject> objects =
      options_.manifests(given, *program_.types, program_.functions->patterns(), sink_);
  if (sink_.error_count() != errors) return false;
  std::vector<ManifestPatch> patches = patches_of(*body, span);
  std::vector<std::size_t> places(objects.size(), SIZE_MAX);
  bool good = true;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    ManifestPatch* over = patch_of(patches, objects[i]);
    if (over != nullptr && over->value.is_null()) continue;
    if (!spend(span)) return false;
    std::size_t place = objects_.resources().size();
    bool made =
        manifest_object(member, common, objects[i], over == nullptr ? nullptr : &over->value, depends);
    if (made) places[i] = place;
    good = made && good;
  }
  for (std::size_t i = 0; i < objects.size(); ++i) {
    bool both = objects[i].definition && places[i] != SIZE_MAX && places[*objects[i].definition] != SIZE_MAX;
    if (!both) continue;
    edges_.push_back({static_cast<std::uint32_t>(places[i]),
                      static_cast<std::uint32_t>(places[*objects[i].definition]), EdgeReason::after, span});
  }
  good = report_unused(patches, objects, sink_) && good;
  std::map<std::string, OutputValue> outputs;
  for (const Entry& entry : body->entries()) outputs[std::string(entry.key.text())] = {entry.value, depends};
  objects_.add_outputs(member.address, std::move(outputs));
  after(member);
  return good;
}

bool Expander::manifest_object(Member& member, const Resource& common, const ManifestObject& object,
                               const Value* patch, const Dependencies& depends) {
  Resource made = common;
  made.type = object.type;
  made.address = fmt::format("{}[{}]", member.address, json_quote(object_key(object)));
  address_ = made.address;
  const Type& schema = *object.type->schema;
  Value desired = patch == nullptr ? object.desired : patched(object.desired, *patch, &schema);
  Result<Value> checked = convert(desired, schema, common.span, program_.functions->patterns());
  if (!checked) {
    report(checked.error());
    return false;
  }
  made.desired = std::move(*checked);
  if (!spend(made.desired, common.span) || !identify(member, made) || !register_identity(made)) return false;
  edges_of(member, made, depends);
  objects_.add(std::move(made));
  return true;
}

}  // namespace carbon
