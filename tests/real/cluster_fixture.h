#pragma once

#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/io/network_driver.h"
#include "tests/real/real_cluster.h"

namespace carbon::test {

/// The one cluster of this program: starting it takes seconds.
[[nodiscard]] RealCluster& cluster();
[[nodiscard]] HttpEndpoint endpoint_of(const std::string& kubeconfig);
[[nodiscard]] const ResourceType* type_of(std::string_view name);
[[nodiscard]] Value json(std::string_view text);
[[nodiscard]] ObjectKey key_of(std::string_view type, const std::string& name_space, const std::string& name);

template <class T>
Task<void> keep(Task<T> task, std::optional<T>* into) {
  T result = co_await task;
  into->emplace(std::move(result));
}

/// A connector to the cluster, and a way to act as somebody else.
struct Client {
  NetworkDriver io;
  HttpEndpoint endpoint;
  KubernetesConnector connector;

  explicit Client(const std::string& kubeconfig = "kubeconfig")
      : endpoint(endpoint_of(kubeconfig)), connector(io, endpoint) {}
  explicit Client(HttpEndpoint where) : endpoint(std::move(where)), connector(io, endpoint) {}

  template <class T>
  T run(Task<T> task) {
    std::optional<T> result;
    Task<void> root = keep(std::move(task), &result);
    io.run(root);
    return std::move(*result);
  }
  LiveObject look(const ObjectKey& key) { return run(connector.observe({key})).front(); }
  /// Creates a namespace through the connector and gives its name.
  std::string make_namespace(const std::string& name);
  /// One request as another client would send it.
  HttpReply send(const std::string& method, const std::string& target, const std::string& type,
                 const std::string& body);
};

/// A write of one object: desired is the whole record, identity included.
[[nodiscard]] WriteRequest write_of(std::string_view type, const std::string& name_space,
                                    const std::string& name, std::string_view rest);
/// The same write with the preconditions of what was read.
[[nodiscard]] WriteRequest after(WriteRequest request, const LiveObject& live);

}  // namespace carbon::test
