#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace carbon::sandbox {

/// Everything that a server may not know by itself: the time and dice of one request. The server is a pure
/// state machine over these, so a simulation can repeat a run.
struct Occasion {
  std::int64_t now = 0;                   ///< wall clock, nanoseconds since 1970
  std::function<std::uint64_t()> random;  ///< 64 fresh bits a call; must be set
};

/// Who asks (user.Info of k8s.io/apiserver). By default the local user, who may do everything.
struct UserInfo {
  std::string name = "carbon";
  std::string uid;
  std::vector<std::string> groups{"system:masters", "system:authenticated"};
  std::map<std::string, std::vector<std::string>> extra;

  [[nodiscard]] bool in_group(std::string_view group) const;
};

/// One HTTP request as a listener or an in-process driver hands it over.
struct ApiRequest {
  std::string method;                        ///< GET POST PUT PATCH DELETE
  std::string path;                          ///< percent-decoded, without the query
  std::map<std::string, std::string> query;  ///< decoded; of repeated names the last
  std::string content_type;                  ///< empty counts as JSON: kubectl 1.20 sends none
  std::string accept;
  std::string body;
  std::string user_agent;  ///< its part before `/` is the field manager where none is given
  UserInfo user;
  std::optional<UserInfo> acts_as;  ///< the `Impersonate-` headers; groups as sent

  /// Takes a header: Content-Type, Accept, User-Agent and those of impersonation; others mean nothing here.
  void take_header(std::string_view name, std::string_view value);

  /// Splits and decodes a request target (`/api/v1/pods?limit=5`, RFC 3986 percent-encoding).
  [[nodiscard]] static ApiRequest of(std::string method, std::string_view target);
};

/// Which objects a list or watch is about. Selectors are the query's own text, checked before.
struct ObjectQuery {
  std::string storage;         ///< `deployments.apps`, `configmaps`: see ResourceInfo
  std::string namespace_name;  ///< empty: all
  std::string label_selector;
  std::string field_selector;
};

/// What the caller streams after the head of a watch's response: `KubernetesSandbox::watch_lines` for
/// `query`, beginning at `position`, until `timeout_seconds` have passed or the client goes away.
struct WatchStart {
  ObjectQuery query;
  std::int64_t position = 0;  ///< revision of the last event that the client has seen
  std::int64_t timeout_seconds = 1800;
  bool bookmarks = false;   ///< send a bookmark a minute and at the end
  std::string api_version;  ///< of the bookmark objects
  std::string kind;
};

struct ApiResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;  ///< Warning, Retry-After, ETag …
  std::string body;
  std::optional<WatchStart> watch;  ///< set: `body` is only the beginning of an endless stream
};

/// The parts of a path between its slashes, empty ones left out.
[[nodiscard]] std::vector<std::string> path_segments(std::string_view path);

}  // namespace carbon::sandbox
