#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/task.h"
#include "engine/ports/connector.h"
#include "platform/connectors/kubernetes/api_client.h"
#include "platform/connectors/kubernetes/api_path.h"

namespace carbon {

/// Reads many objects with few requests. One LIST a kind: of all namespaces when the objects are in many of
/// them and the kind is not much larger than what is asked for, else of each namespace; single reads for one
/// object and always for Secrets, whose list would bring everybody's. What a list may not see (403) is read
/// by narrower requests. An incomplete list is never taken for absence. Made for one observation.
class ObjectReader {
 public:
  explicit ObjectReader(KubernetesClient& client) : client_(client) {}
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  /// One LiveObject a key, in order.
  [[nodiscard]] Task<std::vector<LiveObject>> read_all(std::vector<ObjectKey> keys);
  [[nodiscard]] Task<LiveObject> read_one(const ResourceType* type, ObjectName name);

 private:
  /// Objects of one kind that are wanted, by (namespace, name). Several keys may name one object.
  using Wanted = std::map<std::pair<std::string, std::string>, std::vector<std::size_t>>;

  struct Kind {
    const ResourceType* type = nullptr;
    Wanted wanted;
  };
  enum class Listed : std::uint8_t {
    complete,
    no_such_kind,
    forbidden,
    too_many,  ///< given up after the first page: narrower requests are cheaper
    expired,   ///< 410: the server compacted away the state that the pages came from
    failed,
  };
  struct Page {
    Listed listed = Listed::failed;
    std::string next;
    std::int64_t remaining = 0;
  };

  [[nodiscard]] Task<void> read_kind(const Kind* kind);
  [[nodiscard]] Task<void> read_namespaces(const Kind* kind);
  [[nodiscard]] Task<void> read_namespace(const Kind* kind, std::string name_space);
  [[nodiscard]] Task<void> read_singly(const Kind* kind, std::string name_space);
  [[nodiscard]] Task<void> read_into(const Kind* kind, ObjectName name);
  /// `name_space` empty: all of them. With `pages_allowed`, gives up when more are left.
  [[nodiscard]] Task<Listed> list(const Kind* kind, std::string name_space, std::size_t pages_allowed);
  [[nodiscard]] Task<Listed> list_once(const Kind* kind, std::string name_space, std::size_t pages_allowed);

  [[nodiscard]] Page take_page(const Kind& kind, const std::string& name_space, const HttpReply& reply);
  [[nodiscard]] Page take_failure(const Kind& kind, const std::string& name_space, const HttpReply& reply);
  Page malformed(const Kind& kind, const std::string& name_space, std::string what);
  /// What is wrong with the items, if anything is: then the list says nothing about any object.
  [[nodiscard]] std::string_view take_items(const Kind& kind, const std::string& name_space,
                                            std::span<const Value> items);
  void fill(const Kind& kind, const std::string& name_space, const LiveObject& with);
  void absent_if_unseen(const Kind& kind, const std::string& name_space);

  KubernetesClient& client_;
  std::vector<LiveObject> found_;
};

}  // namespace carbon
