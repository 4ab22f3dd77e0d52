#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/field_path.h"
#include "base/value.h"
#include "engine/ports/connector.h"
#include "platform/connectors/kubernetes/api_path.h"

namespace carbon {

/// The version that no stored object can have: an apply that demands it creates, and never changes what is
/// there. Seen on a real server: tests/real/recorded/302 and 303.
inline constexpr std::string_view version_of_nothing = "1";

/// The body of a server-side apply: the desired fields without nulls, plus apiVersion, kind, name, the
/// operation token as an annotation, and uid and resourceVersion as preconditions where they are not empty.
/// Nothing else is written, so nothing else is owned.
[[nodiscard]] Value apply_body(const WriteRequest& request, const ObjectName& name, const std::string& uid,
                               const std::string& version);

/// A JSON patch (RFC 6902) that removes the fields that the user set to null and `object` still has, on
/// condition of its version. Empty when there are none.
[[nodiscard]] std::string removal_patch(const WriteRequest& request, const Value& object,
                                        const std::string& version);

/// A JSON patch that removes these fields and sets, in the same request, what is changed beside them, on
/// condition of the version. Some fields exclude each other (a Deployment's `strategy.rollingUpdate` and
/// `type: Recreate`), and an apply cannot remove what the server filled in. Empty where nothing is beside
/// them.
[[nodiscard]] std::string exchange_patch(const WriteRequest& request, const Value& object,
                                         const std::string& version);

/// A JSON patch that takes a manager's entry out of the object's managedFields, where it still stands there;
/// empty where it has none. The object's content stays as it is.
[[nodiscard]] std::string forget_manager_patch(const Value& object, std::string_view manager);

}  // namespace carbon
