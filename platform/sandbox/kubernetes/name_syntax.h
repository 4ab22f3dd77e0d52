#pragma once

#include <string>
#include <string_view>

#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

// Syntax of names and keys (k8s.io/apimachinery/pkg/util/validation). Each gives the server's message, empty
// when the text is right.

[[nodiscard]] std::string name_error(NameRule rule, std::string_view name);
[[nodiscard]] std::string dns_label_error(std::string_view name);
[[nodiscard]] std::string label_value_error(std::string_view value);
/// Of label and annotation keys: `example.com/name`.
[[nodiscard]] std::string qualified_name_error(std::string_view key);
/// Of keys of ConfigMaps and Secrets.
[[nodiscard]] std::string config_key_error(std::string_view key);

}  // namespace carbon::sandbox
