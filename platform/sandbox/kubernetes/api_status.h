#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// metav1.StatusCause: one reason of several.
struct StatusCause {
  std::string reason;
  std::string message;
  std::string field;
};

/// Why a request was refused: metav1.Status as the API server words it. `reason` may be empty: a 500 of a
/// typed conversion has none (tests/real/recorded/136).
struct ApiStatus {
  int code = 500;
  std::string reason;
  std::string message;
  // details; `has_details` tells an empty `details: {}` from none
  bool has_details = false;
  std::string name;
  std::string group;
  std::string kind;
  std::string uid;
  std::vector<StatusCause> causes;
  std::optional<std::int64_t> retry_after_seconds;
  std::string continue_token;  ///< of an expired list: goes on inconsistently

  [[nodiscard]] Value to_value() const;
};

template <class T>
using ApiResult = tl::expected<T, ApiStatus>;

inline tl::unexpected<ApiStatus> refuse(ApiStatus status) {
  return tl::unexpected<ApiStatus>(std::move(status));
}

// The refusals of k8s.io/apimachinery/pkg/api/errors. `resource` is the plural, `kind` the kind's name.
[[nodiscard]] ApiStatus not_found(std::string_view group, std::string_view resource, std::string_view name);
[[nodiscard]] ApiStatus already_exists(std::string_view group, std::string_view resource,
                                       std::string_view name);
[[nodiscard]] ApiStatus conflict(std::string_view group, std::string_view resource, std::string_view name,
                                 std::string_view why);
[[nodiscard]] ApiStatus forbidden(std::string_view group, std::string_view resource, std::string_view name,
                                  std::string_view why);
/// 422 with the causes: one is quoted after "is invalid: ", several in brackets.
[[nodiscard]] ApiStatus invalid(std::string_view group, std::string_view kind, std::string_view name,
                                std::vector<StatusCause> causes);
[[nodiscard]] ApiStatus bad_request(std::string message);
/// 404 for a path that no resource answers to.
[[nodiscard]] ApiStatus no_such_resource();
[[nodiscard]] ApiStatus method_not_allowed();
[[nodiscard]] ApiStatus unsupported_media_type(std::string message);
/// 501 for what the sandbox does not model: it refuses rather than pretends.
[[nodiscard]] ApiStatus not_modelled(std::string_view what);
/// A 500 without a reason, as Go's plain errors become.
[[nodiscard]] ApiStatus plain_error(std::string message);

}  // namespace carbon::sandbox
