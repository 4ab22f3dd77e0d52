#pragma once

#include <doctest/doctest.h>

#include <string>

#include "base/value_json.h"
#include "engine/model/resource_type.h"
#include "engine/ports/connector.h"
#include "stdlib/k8s/schema.h"

namespace carbon::test {

/// The built-in Kubernetes types, for the life of the test program.
inline ResourceTypes& kubernetes_types() {
  static ResourceTypes types;
  static bool added = (add_kubernetes_types(types), true);
  static_cast<void>(added);
  return types;
}

inline const ResourceType* kubernetes_type(std::string_view name) {
  const ResourceType* type = kubernetes_types().find(name);
  REQUIRE(type != nullptr);
  return type;
}

inline Value from_json(std::string_view text) {
  Result<Value> value = parse_json(text);
  REQUIRE_MESSAGE(value, value.error().message());
  return *value;
}

inline ObjectKey object_key(std::string_view type, const std::string& name_space, const std::string& name) {
  std::string identity = name_space.empty()
                             ? R"({"metadata":{"name":")" + name + "\"}}"
                             : R"({"metadata":{"namespace":")" + name_space + R"(","name":")" + name + "\"}}";
  return {kubernetes_type(type), from_json(identity)};
}

}  // namespace carbon::test
