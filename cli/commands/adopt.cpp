#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <optional>

#include "cli/commands/running.h"
#include "cli/conversion_check.h"
#include "cli/conversion_report.h"
#include "convert/authored_fields.h"
#include "engine/model/identity.h"
#include "platform/store/shared_cluster.h"
#include "stdlib/k8s/kinds.h"
#include "stdlib/k8s/references.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// Kinds whose objects nobody writes by hand, or that others make and remove all the time.
constexpr std::array<std::string_view, 9> passing_kinds{
    "Binding", "ControllerRevision", "Endpoints", "EndpointSlice", "Event", "Lease",
    "Pod",     "PodTemplate",        "ReplicaSet"};

/// Objects that every cluster has, by kind and name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> system_objects{{
    {"ConfigMap", "kube-root-ca.crt"},
    {"Namespace", "default"},
    {"Namespace", "kube-node-lease"},
    {"Namespace", "kube-public"},
    {"Namespace", "kube-system"},
    {"Service", "kubernetes"},
    {"ServiceAccount", "default"},
}};

bool has(std::span<const std::string_view> words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// As kubectl knows a kind: `Deployment`, `deployments`, `deploy`.
const KubernetesKind* kind_named(std::string_view word) {
  std::string small = lower(word);
  for (const KubernetesKind& each : kubernetes_kinds()) {
    bool named = lower(each.kind) == small || each.plural == small || each.singular == small ||
                 has(each.short_names, small);
    if (each.declarable && named) return &each;
  }
  return nullptr;
}

bool is_system_object(const ResourceType& type, const Value& object) {
  const Value* metadata = object.find("metadata");
  std::string_view name = metadata == nullptr ? std::string_view() : text_field(*metadata, "name");
  const Value* labels = metadata == nullptr ? nullptr : metadata->find("labels");
  bool bootstrap = labels != nullptr && labels->find("kubernetes.io/bootstrapping") != nullptr;
  return bootstrap || std::any_of(system_objects.begin(), system_objects.end(), [&](const auto& each) {
           return each.first == type.kubernetes.kind && each.second == name;
         });
}

/// A part of carbon's own inventory (docs/formats/kubernetes-inventory.md).
bool is_of_inventory(const Value& object) {
  const Value* metadata = object.find("metadata");
  const Value* labels = metadata == nullptr ? nullptr : metadata->find("labels");
  return labels != nullptr && labels->find(inventory_label) != nullptr;
}

/// `ReplicaSet web-7d4b9`, or empty.
std::string owner_of(const Value& object) {
  const Value* metadata = object.find("metadata");
  const Value* owners = metadata == nullptr ? nullptr : metadata->find("ownerReferences");
  if (owners == nullptr || !owners->is_sequence() || owners->items().empty()) return {};
  const Value& first = owners->items().front();
  return fmt::format("{} {}", text_field(first, "kind"), text_field(first, "name"));
}

FieldOwners owners_of(const LiveObject& live) {
  const Value* metadata = live.object.find("metadata");
  const Value* annotations = metadata == nullptr ? nullptr : metadata->find("annotations");
  bool kubectl = annotations != nullptr &&
                 annotations->find("kubectl.kubernetes.io/last-applied-configuration") != nullptr;
  FieldOwners owners;
  if (live.managed) owners.applied.push_back(*live.managed);
  for (const ForeignWriter& writer : live.writers) {
    // What client-side apply was given is in its annotation, without the defaults.
    bool told =
        is_server_manager(writer.manager) || (kubectl && writer.manager == "kubectl-client-side-apply");
    if (writer.operation == "Apply") {
      owners.applied.push_back(writer.fields);
    } else if (!told) {
      owners.updated.push_back(writer.fields);
    }
  }
  return owners;
}

class Adoption {
 public:
  Adoption(const Options& options, Pipeline& pipeline, Address provider)
      : options_(options), pipeline_(pipeline), provider_(std::move(provider)) {
    space_ = options.object_namespace.empty() ? pipeline.namespace_of(provider_) : options.object_namespace;
  }

  /// The manifests of what is to be adopted.
  Result<std::vector<Value>> read() {
    for (const std::string& word : options_.objects) CARBON_CHECK(object(word));
    if (options_.objects.empty()) CARBON_CHECK(common_kinds());
    return std::move(documents_);
  }

  void print_left_alone() const {
    for (const auto& [why, count] : left_alone_) fmt::print(stderr, "left alone: {} {}\n", count, why);
  }

 private:
  Status object(const std::string& word) {
    std::size_t slash = word.find('/');
    const ResourceType* type = CARBON_TRY(type_named(word.substr(0, slash)));
    if (slash != std::string::npos) return one(*type, word.substr(slash + 1));
    if (options_.all) return every(*type);
    return fail(Error(DiagnosticCode::bad_usage, fmt::format("`{}` names no object", word))
                    .help(fmt::format("write `{}/NAME`, or `--all` for every one in the namespace", word)));
  }

  Result<const ResourceType*> type_named(const std::string& word) {
    const KubernetesKind* kind = kind_named(word);
    std::string name = kind == nullptr ? word : "k8s." + std::string(kind->kind);
    const ResourceType* type = pipeline_.types().find(name);
    bool object = type != nullptr && type->transport == Transport::kubernetes && !type->manifests;
    if (object) return type;
    return fail(
        Error(DiagnosticCode::unknown_type, fmt::format("there is no kind `{}`", word))
            .help("name a kind, as `deployment`, or a type of `import schema`, as `certs.Certificate`"));
  }

  Status one(const ResourceType& type, const std::string& name) {
    std::vector<Entry> metadata{{Value::string("name"), Value::string(name)}};
    if (type.kubernetes.namespaced) metadata.push_back({Value::string("namespace"), Value::string(space_)});
    Value identity = Value::record({{Value::string("metadata"), Value::record(std::move(metadata))}});
    std::string title = fmt::format("{} {}", type.kubernetes.kind, identity_text(type, identity));
    LiveObject live = CARBON_TRY(pipeline_.look_at(provider_, {&type, identity}));
    if (live.presence != Presence::present) {
      return fail(Error(DiagnosticCode::adopt_missing, fmt::format("there is no {} to adopt", title))
                      .help("another namespace is named with `-n`"));
    }
    if (std::string owner = owner_of(live.object); !owner.empty()) {
      return fail(Error(DiagnosticCode::not_owned, fmt::format("{} belongs to {}", title, owner))
                      .help("adopt that one: it makes this one again"));
    }
    if (const Resource* resource = pipeline_.declared_as({&type, identity})) {
      return fail(Error(DiagnosticCode::duplicate_identity,
                        fmt::format("{} is declared already, as `{}`", title, resource->address))
                      .help("write `adopt` in its block if carbon does not own it yet"));
    }
    documents_.push_back(authored_object(live.object, type, owners_of(live)));
    return {};
  }

  Status every(const ResourceType& type) {
    std::string space = type.kubernetes.namespaced ? space_ : "";
    std::vector<LiveObject> found = CARBON_TRY(pipeline_.list(provider_, type, space));
    for (const LiveObject& live : found) {
      Value identity = identity_value(type, live.object);
      if (!owner_of(live.object).empty() || is_of_stateful_set(type, identity)) {
        ++left_alone_["that other objects own"];
      } else if (is_system_object(type, live.object) || is_of_inventory(live.object)) {
        ++left_alone_["that every cluster has"];
      } else if (pipeline_.declared_as({&type, identity}) != nullptr) {
        ++left_alone_["that the platform declares already"];
      } else {
        documents_.push_back(authored_object(live.object, type, owners_of(live)));
      }
    }
    return {};
  }

  /// A claim that a StatefulSet made has no owner that says so, lest its data go with the set.
  bool is_of_stateful_set(const ResourceType& type, const Value& identity) {
    if (type.kubernetes.kind != "PersistentVolumeClaim") return false;
    const ResourceType* set = pipeline_.types().find("k8s.StatefulSet");
    if (!sets_) {
      Result<std::vector<LiveObject>> found = pipeline_.list(provider_, *set, space_);
      // Who may not read them adopts the claims too, and sees that in the plan.
      sets_ = found ? std::move(*found) : std::vector<LiveObject>();
    }
    ObjectReference claim;
    claim.kind = type.kubernetes.kind;
    claim.object_namespace = text_field(*identity.find("metadata"), "namespace");
    claim.name = text_field(*identity.find("metadata"), "name");
    return std::any_of(sets_->begin(), sets_->end(),
                       [&](const LiveObject& each) { return makes_object(*set, each.object, claim); });
  }

  Status common_kinds() {
    if (!options_.all) {
      return fail(
          Error(DiagnosticCode::bad_usage, "what is to be adopted is not said")
              .help("name objects, as `deployment/web`, or all of a namespace: `--all -n NAMESPACE`"));
    }
    for (const KubernetesKind& kind : kubernetes_kinds()) {
      bool wanted =
          kind.declarable && kind.namespaced && has(kind.verbs, "list") && !has(passing_kinds, kind.kind);
      const ResourceType* type = wanted ? pipeline_.types().find("k8s." + std::string(kind.kind)) : nullptr;
      if (type != nullptr) CARBON_CHECK(every(*type));
    }
    return {};
  }

  const Options& options_;
  Pipeline& pipeline_;
  Address provider_;
  std::string space_;
  std::vector<Value> documents_;
  std::map<std::string, std::size_t> left_alone_;
  std::optional<std::vector<LiveObject>> sets_;  ///< the StatefulSets of the namespace, once asked for
};

/// What the package calls its own, so that no block takes a name twice.
std::vector<std::string> names_of(const Options& options) {
  auto compiled = check_platform(options);
  std::vector<std::string> names{"env"};
  if (!compiled->program) return names;
  for (const Declaration& each : compiled->program->packages.front().scope.declarations)
    names.push_back(each.name);
  for (const Component& each : compiled->program->components) names.push_back(each.name);
  return names;
}

Result<std::string> out_path(const Options& options) {
  std::error_code error;
  fs::path folder = fs::canonical(options.directory, error);
  if (options.out_file.empty()) return (folder / "adopted.carbon").string();
  fs::path file(options.out_file);
  if (fs::exists(folder / file, error)) {
    return fail(Error(DiagnosticCode::file_failed,
                      fmt::format("cannot write `{}`: it is there already", options.out_file))
                    .help("name another file with `-o FILE`"));
  }
  if (file.extension() == ".carbon" && !file.has_parent_path()) return (folder / file).string();
  return fail(
      Error(DiagnosticCode::bad_usage, fmt::format("`{}` is no file of the package", options.out_file))
          .help("write `-o NAME.carbon`: it is made in the folder of the platform"));
}

Status adopt(const Options& options, Pipeline& pipeline) {
  std::string path = CARBON_TRY(out_path(options));
  Address provider = CARBON_TRY(pipeline.cluster(options.provider));
  Adoption adoption(options, pipeline, provider);
  ConvertInput input;
  auto documents = CARBON_TRY(adoption.read());
  input.files.push_back({fs::path(path).stem().string(), std::move(documents)});
  adoption.print_left_alone();
  if (input.files.front().documents.empty()) {
    return fail(Error(DiagnosticCode::adopt_missing, "there is nothing to adopt")
                    .help("another namespace is named with `-n`"));
  }
  input.adopt = true;
  input.taken = names_of(options);
  input.default_namespace = pipeline.namespace_of(provider);
  DiagnosticSink sink;
  Language language;
  Converted converted = convert_manifests(input, pipeline.types(), language.functions.patterns(), sink);
  print_diagnostics(sink, SourceMap(), options.color);
  if (sink.has_errors())
    return fail(DiagnosticCode::bad_import_data, "some of the objects cannot be written; nothing is");
  const std::string& text = converted.sources.front().text;
  // As a part of the platform: it must say the same there as the server does.
  auto compiled = compile_platform(options, OpenTexts{{path, text}});
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!compiled->ok() || !compiled->expansion)
    return fail(DiagnosticCode::bad_import_data,
                "with these blocks the platform is not correct; nothing is written");
  CARBON_CHECK(compare_conversion(converted, *compiled));
  if (options.out_file.empty()) {
    fmt::print("{}", text);
  } else {
    CARBON_CHECK(write_package(fs::path(path).parent_path(), {{fs::path(path).filename().string(), text}}));
    fmt::print("{}\n", options.out_file);
  }
  print_conversion(converted);
  return {};
}

}  // namespace

ExitCode run_adopt(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  Status done = adopt(options, *pipeline);
  return done ? ExitCode::success : report(done.error(), pipeline->sources(), options);
}

}  // namespace carbon
