#include "platform/sandbox/kubernetes_controllers/pod_references.h"

#include <fmt/format.h>
#include <array>

#include "platform/sandbox/kubernetes_controllers/volume_claims.h"

namespace carbon::sandbox {

namespace {

/// How a field that names a ConfigMap or Secret looks.
struct Source {
  std::string_view field;
  std::string_view name;  ///< its field with the object's name
  std::string_view storage;
  std::string_view word;  ///< in messages
  std::string_view kind;
};
constexpr std::array<Source, 2> volume_sources{{
    {"configMap", "name", "configmaps", "configmap", "ConfigMap"},
    {"secret", "secretName", "secrets", "secret", "Secret"},
}};
constexpr std::array<Source, 2> projected_sources{{
    {"configMap", "name", "configmaps", "configmap", "ConfigMap"},
    {"secret", "name", "secrets", "secret", "Secret"},
}};
constexpr std::array<Source, 2> whole_sources{{
    {"configMapRef", "name", "configmaps", "configmap", "ConfigMap"},
    {"secretRef", "name", "secrets", "secret", "Secret"},
}};
constexpr std::array<Source, 2> key_sources{{
    {"configMapKeyRef", "name", "configmaps", "configmap", "ConfigMap"},
    {"secretKeyRef", "name", "secrets", "secret", "Secret"},
}};

bool has_key(const Value& object, std::string_view key) {
  return at(object, {"data", key}) != nullptr || at(object, {"binaryData", key}) != nullptr;
}

/// The named object, or why there is none; nothing to say when the reference is optional.
struct Found {
  const Value* object = nullptr;
  std::string message;
};
Found look_up(Cluster& cluster, const Source& source, const Value& reference, std::string_view place) {
  std::string name(text_at(reference, {source.name}));
  Found found{cluster.get({std::string(source.storage), std::string(place), name}), ""};
  if (found.object == nullptr && !bool_at(reference, {"optional"})) {
    found.message = fmt::format("{} \"{}\" not found", source.word, name);
  }
  return found;
}

std::string missing_in_volume(Cluster& cluster, const Source& source, const Value& reference,
                              std::string_view place) {
  Found found = look_up(cluster, source, reference, place);
  if (found.object == nullptr) return found.message;
  for (const Value& item : items_at(reference, {"items"})) {
    std::string_view key = text_at(item, {"key"});
    if (!has_key(*found.object, key) && !bool_at(reference, {"optional"})) {
      return fmt::format("references non-existent config key: {}", key);
    }
  }
  return {};
}

void check_volume(Cluster& cluster, const Value& volume, std::string_view place,
                  std::vector<MissingReference>& out) {
  auto check = [&](const Source& source, const Value& holder) {
    const Value* reference = at(holder, {source.field});
    if (reference == nullptr) return;
    std::string message = missing_in_volume(cluster, source, *reference, place);
    if (message.empty()) return;
    out.push_back({"", fmt::format("MountVolume.SetUp failed for volume \"{}\" : {}",
                                   text_at(volume, {"name"}), message)});
  };
  for (const Source& source : volume_sources) check(source, volume);
  for (const Value& part : items_at(volume, {"projected", "sources"})) {
    for (const Source& source : projected_sources) check(source, part);
  }
}

std::string missing_key(Cluster& cluster, const Value& variable, std::string_view place) {
  for (const Source& source : key_sources) {
    const Value* reference = at(variable, {"valueFrom", source.field});
    if (reference == nullptr) continue;
    Found found = look_up(cluster, source, *reference, place);
    if (found.object == nullptr) return found.message;
    std::string_view key = text_at(*reference, {"key"});
    if (has_key(*found.object, key) || bool_at(*reference, {"optional"})) return {};
    return fmt::format("couldn't find key {} in {} {}/{}", key, source.kind, place, name_of(*found.object));
  }
  return {};
}

void check_container(Cluster& cluster, const Value& container, std::string_view place,
                     std::vector<MissingReference>& out) {
  std::string message;
  for (const Value& whole : items_at(container, {"envFrom"})) {
    for (const Source& source : whole_sources) {
      const Value* reference = at(whole, {source.field});
      if (reference != nullptr && message.empty())
        message = look_up(cluster, source, *reference, place).message;
    }
  }
  for (const Value& variable : items_at(container, {"env"})) {
    if (message.empty()) message = missing_key(cluster, variable, place);
  }
  if (!message.empty()) out.push_back({std::string(text_at(container, {"name"})), message});
}

}  // namespace

std::vector<MissingReference> missing_volumes(Cluster& cluster, const Value& pod) {
  std::vector<MissingReference> out;
  for (const Value& volume : items_at(pod, {"spec", "volumes"})) {
    check_volume(cluster, volume, namespace_of(pod), out);
  }
  return out;
}

std::vector<MissingReference> missing_environment(Cluster& cluster, const Value& pod) {
  std::vector<MissingReference> out;
  for (std::string_view part : {"initContainers", "containers"}) {
    for (const Value& container : items_at(pod, {"spec", part})) {
      check_container(cluster, container, namespace_of(pod), out);
    }
    if (!out.empty()) return out;  // containers are not tried before the init containers are through
  }
  return out;
}

std::optional<std::string> missing_claim(Cluster& cluster, const Value& pod) {
  for (const Value& volume : items_at(pod, {"spec", "volumes"})) {
    std::string name(text_at(volume, {"persistentVolumeClaim", "claimName"}));
    if (name.empty()) continue;
    const Value* found = cluster.get({"persistentvolumeclaims", std::string(namespace_of(pod)), name});
    if (found == nullptr) {
      return fmt::format("0/1 nodes are available: persistentvolumeclaim \"{}\" not found.", name);
    }
    Value claim = *found;
    if (text_at(claim, {"status", "phase"}) == "Bound") continue;
    if (!waits_for_consumer(cluster, claim)) {
      return "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
    }
    announce_consumer(cluster, claim);
    return "";  // bound in a moment: nothing to tell anybody
  }
  return std::nullopt;
}

}  // namespace carbon::sandbox
