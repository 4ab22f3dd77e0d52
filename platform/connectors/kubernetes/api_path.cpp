#include "platform/connectors/kubernetes/api_path.h"

#include <fmt/core.h>

#include "platform/connectors/kubernetes/json_edit.h"

namespace carbon {

namespace {

bool can_stand_in_path(std::string_view text) {
  return !text.empty() && text != "." && text != ".." && text.find_first_of("/%") == std::string_view::npos;
}

}  // namespace

Result<ObjectName> object_name(const ObjectKey& key) {
  ObjectName name;
  name.name = text_at(key.identity, {"metadata", "name"});
  bool namespaced = key.type->kubernetes.namespaced;
  if (namespaced) name.name_space = text_at(key.identity, {"metadata", "namespace"});
  bool good = can_stand_in_path(name.name) && (!namespaced || can_stand_in_path(name.name_space));
  if (!good)
    return fail(DiagnosticCode::server_refused,
                fmt::format("`{}` cannot be the name of a {}", name.text(), key.type->kubernetes.kind));
  return name;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  for (char c : text) {
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                 c == '.' || c == '_' || c == '~';
    if (plain) {
      out += c;
    } else {
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return out;
}

std::string collection_path(const KubernetesApi& api, std::string_view name_space) {
  std::string path = api.group.empty()
                         ? "/api/" + percent_encode(api.version)
                         : "/apis/" + percent_encode(api.group) + "/" + percent_encode(api.version);
  if (!name_space.empty()) path += "/namespaces/" + percent_encode(name_space);
  return path + "/" + percent_encode(api.plural);
}

std::string object_path(const KubernetesApi& api, const ObjectName& name) {
  return collection_path(api, name.name_space) + "/" + percent_encode(name.name);
}

}  // namespace carbon
