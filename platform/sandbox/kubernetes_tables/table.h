#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/value.h"
#include "platform/sandbox/kubernetes/request.h"

namespace carbon::sandbox {

/// Whether the client asks for metav1.Table before plain JSON:
/// `application/json;as=Table;v=v1;g=meta.k8s.io`.
[[nodiscard]] bool wants_table(std::string_view accept);

/// What the rows of one request look like.
struct TableRequest {
  std::string storage;                       ///< `deployments.apps`
  std::string version;                       ///< of the API group
  std::string include_object;                ///< query includeObject: Metadata (default), Object or None
  std::int64_t now = 0;                      ///< for ages
  std::function<Value()> custom_definition;  ///< CustomResourceDefinition of the storage, null when built in
};

/// The request's own part; `now` and `custom_definition` are the caller's. Empty storage: no resource's path.
[[nodiscard]] TableRequest table_request(const ApiRequest& request);

/// A Table in place of a list, or of one object, as the server's printers make it
/// (k8s.io/kubernetes/pkg/printers/internalversion). Errors (metav1.Status) stay what they are.
[[nodiscard]] Value as_table(const TableRequest& request, const Value& body);

/// The same for a line of a watch: the event's object becomes a Table of one row.
[[nodiscard]] std::string as_table_event(const TableRequest& request, std::string_view line);

}  // namespace carbon::sandbox
