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
  MissingReference missing;
};
Found look_up(Cluster& cluster, const Source& source, const Value& reference, std::string_view place) {
  std::string name(text_at(reference, {source.name}));
  StoreKey key{std::string(source.storage), std::string(place), name};
  Found found{cluster.get(key), {"", "", key}};
  if (found.object == nullptr && !bool_at(reference, {"optional"})) {
    found.missing.message = fmt::format("{} \"{}\" not found", source.word, name);
  }
  return found;
}

MissingReference missing_in_volume(Cluster& cluster, const Source& source, const Value& reference,
                                   std::string_view place) {
  Found found = look_up(cluster, source, reference, place);
  if (found.object == nullptr) return found.missing;
  for (const Value& item : items_at(reference, {"items"})) {
    std::string_view key = text_at(item, {"key"});
    if (has_key(*found.object, key) || bool_at(reference, {"optional"})) continue;
    found.missing.message = fmt::format("references non-existent config key: {}", key);
    break;
  }
  return found.missing;
}

void check_volume(Cluster& cluster, const Value& volume, std::string_view place,
                  std::vector<MissingReference>& out) {
  auto check = [&](const Source& source, const Value& holder) {
    const Value* reference = at(holder, {source.field});
    if (reference == nullptr) return;
    MissingReference missing = missing_in_volume(cluster, source, *reference, place);
    if (missing.message.empty()) return;
    missing.message = fmt::format("MountVolume.SetUp failed for volume \"{}\" : {}",
                                  text_at(volume, {"name"}), missing.message);
    out.push_back(std::move(missing));
  };
  for (const Source& source : volume_sources) check(source, volume);
  for (const Value& part : items_at(volume, {"projected", "sources"})) {
    for (const Source& source : projected_sources) check(source, part);
  }
}

MissingReference missing_key(Cluster& cluster, const Value& variable, std::string_view place) {
  for (const Source& source : key_sources) {
    const Value* reference = at(variable, {"valueFrom", source.field});
    if (reference == nullptr) continue;
    Found found = look_up(cluster, source, *reference, place);
    if (found.object == nullptr) return found.missing;
    std::string_view key = text_at(*reference, {"key"});
    if (has_key(*found.object, key) || bool_at(*reference, {"optional"})) return {};
    found.missing.message =
        fmt::format("couldn't find key {} in {} {}/{}", key, source.kind, place, name_of(*found.object));
    return found.missing;
  }
  return {};
}

void check_container(Cluster& cluster, const Value& container, std::string_view place,
                     std::vector<MissingReference>& out) {
  MissingReference missing;
  for (const Value& whole : items_at(container, {"envFrom"})) {
    for (const Source& source : whole_sources) {
      const Value* reference = at(whole, {source.field});
      if (reference != nullptr && missing.message.empty())
        missing = look_up(cluster, source, *reference, place).missing;
    }
  }
  for (const Value& variable : items_at(container, {"env"})) {
    if (missing.message.empty()) missing = missing_key(cluster, variable, place);
  }
  missing.container = text_at(container, {"name"});
  if (!missing.message.empty()) out.push_back(std::move(missing));
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

std::optional<MissingReference> missing_claim(Cluster& cluster, const Value& pod) {
  for (const Value& volume : items_at(pod, {"spec", "volumes"})) {
    std::string name(text_at(volume, {"persistentVolumeClaim", "claimName"}));
    if (name.empty()) continue;
    MissingReference missing{"", "", {"persistentvolumeclaims", std::string(namespace_of(pod)), name}};
    const Value* found = cluster.get(missing.object);
    if (found == nullptr) {
      missing.message = fmt::format("0/1 nodes are available: persistentvolumeclaim \"{}\" not found.", name);
      return missing;
    }
    Value claim = *found;
    if (text_at(claim, {"status", "phase"}) == "Bound") continue;
    if (waits_for_consumer(cluster, claim)) {
      announce_consumer(cluster, claim);  // bound in a moment: nothing to tell anybody
    } else {
      missing.message = "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.";
    }
    return missing;
  }
  return std::nullopt;
}

}  // namespace carbon::sandbox
