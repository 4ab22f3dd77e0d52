#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/type.h"
#include "base/value.h"

namespace carbon {

/// One planned change as policies see it. Plain words, so that the language need not know the planner.
struct PlanRow {
  struct Field {
    std::string path;
    Value before;  ///< null: not there now
    Value after;   ///< null: removed
    bool secret = false;
  };
  std::string address;
  std::string type;
  std::string action;  ///< `create`, `update`, `replace`, `delete`, `adopt`, `release`, `read`, `later`
  std::string provider;
  std::string identity;       ///< as plans show it
  std::string disruption;     ///< `none`, `restart`, `reconnect`, `read_only`
  std::string reversibility;  ///< `reversible`, `lossy`, `one_way`
  bool data_bearing = false;
  bool protect = false;
  std::int64_t stage = 1;
  std::vector<Field> fields;
};

/// The static type of `plan`: `{ changes : list<{ address, type, action, … }> }`.
[[nodiscard]] TypePtr plan_type(TypeTable& types);
/// The value of `plan`.
[[nodiscard]] Value plan_value(std::span<const PlanRow> rows);

}  // namespace carbon
