#pragma once

#include <map>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/object_schema.h"

namespace carbon::sandbox {

/// What the server's code fills in (zz_generated.defaults.go and defaults.go of each API group): rows of
/// defaults.def by schema, functions where a default depends on other fields; for custom resources the
/// defaults of their schema. Keeps rules by schema node: lives as long as the SchemaTable. One thread.
class Defaults {
 public:
  /// The bare object with its defaults. A schema below which there are no rules costs nothing.
  [[nodiscard]] Value filled(const SchemaNode& schema, const Value& value);

 private:
  struct Rules {
    std::vector<std::pair<std::string_view, Value>> fields;
    Value (*function)(const Value&) = nullptr;
    bool any = false;  ///< here or below
  };
  [[nodiscard]] const Rules& rules_of(const SchemaNode& node);
  [[nodiscard]] bool has_rules(const SchemaNode& node);
  [[nodiscard]] Value filled_fields(const SchemaNode& schema, const Rules& rules, const Value& value);

  std::map<const SchemaNode*, Rules> rules_;
};

}  // namespace carbon::sandbox
