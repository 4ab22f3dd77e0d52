#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "dsl/check/session.h"

namespace carbon {

/// In whose body a setting stands.
enum class SettingPlace : std::uint8_t {
  platform,
  environment,
  provider,
  resource,
  lookup,
  use,
  type,
  operation,
  test,
  policy
};

/// What a setting may look like. The whole table of the language, those that are not carried out yet
/// included.
struct SettingShape {
  SettingPlace place;
  std::string_view name;
  std::uint8_t least = 0;  ///< arguments before any clause
  std::uint8_t most = 0;
  std::string_view clauses;  ///< letters of those that may stand: b(y) w(hen) e(lse) f(or); upper case: must
  bool repeatable = false;
  bool supported = true;
};

/// The names of all settings that may stand at a place, those that are not carried out yet included.
[[nodiscard]] std::vector<std::string_view> setting_names(SettingPlace place);

/// Those that are carried out.
[[nodiscard]] std::vector<std::string_view> supported_settings(SettingPlace place);

/// The first item of a kind with this name, or the empty cursor.
[[nodiscard]] NodeRef first_named(NodeRef body, NodeKind kind, std::string_view word);

/// The settings of one body: those that fit the table, in written order. Errors: C0106 with what is near,
/// C0107 for a word that is a field of `fields` (may be nullptr), C0110, C0111, C0112.
[[nodiscard]] std::vector<NodeRef> read_settings(Session& session, NodeRef body, SettingPlace place,
                                                 TypePtr fields);

/// The one argument as a word of a fixed set, or empty after C0112.
[[nodiscard]] std::string_view setting_word(Session& session, NodeRef setting,
                                            const std::vector<std::string_view>& words);

}  // namespace carbon
