// Which right a request needs: RequestInfo of apiserver pkg/endpoints/request/requestinfo.go.
#include <algorithm>

#include "platform/sandbox/kubernetes/authorizer.h"

namespace carbon::sandbox {

namespace {

std::string_view verb_of(const ApiRequest& request, bool named) {
  if (request.method == "POST") return "create";
  if (request.method == "PUT") return "update";
  if (request.method == "PATCH") return "patch";
  if (request.method == "DELETE") return named ? "delete" : "deletecollection";
  if (named) return "get";
  auto watch = request.query.find("watch");
  bool watches = watch != request.query.end() && (watch->second == "true" || watch->second == "1");
  return watches ? "watch" : "list";
}

/// A list of one name asks for that name.
std::string selected_name(const ApiRequest& request) {
  constexpr std::string_view by_name = "metadata.name=";
  auto selector = request.query.find("fieldSelector");
  if (selector == request.query.end() || !selector->second.starts_with(by_name)) return {};
  std::string name = selector->second.substr(by_name.size());
  return name.find(',') == std::string::npos ? name : std::string();
}

}  // namespace

AccessAttributes attributes_of(const ApiRequest& request) {
  std::vector<std::string> parts = path_segments(request.path);
  AccessAttributes wanted;
  wanted.path = request.path;
  bool core = !parts.empty() && parts[0] == "api", named_group = !parts.empty() && parts[0] == "apis";
  std::size_t at = core ? 2 : 3;
  if ((!core && !named_group) || parts.size() <= at) {
    wanted.verb = request.method;
    std::ranges::transform(wanted.verb, wanted.verb.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return wanted;
  }
  if (named_group) wanted.group = parts[1];
  if (parts[at] == "namespaces" && parts.size() > at + 1) {
    wanted.namespace_name = parts[at + 1];
    bool own = parts.size() > at + 2 && (parts[at + 2] == "status" || parts[at + 2] == "finalize");
    if (parts.size() > at + 2 && !own) at += 2;
  }
  wanted.resource = parts[at];
  if (parts.size() > at + 1) wanted.name = parts[at + 1];
  if (parts.size() > at + 2) wanted.subresource = parts[at + 2];
  wanted.verb = verb_of(request, !wanted.name.empty());
  if (wanted.name.empty())
    wanted.name = request.method == "POST" || request.method == "PUT" ? "" : selected_name(request);
  return wanted;
}

}  // namespace carbon::sandbox
