#include "platform/store/journal_code.h"

#include <fmt/core.h>

#include <array>

namespace carbon {

namespace {

constexpr std::array<std::string_view, 8> kind_names{"begin",   "intent",   "sent", "result",
                                                     "unknown", "resolved", "stop", "end"};

}  // namespace

std::string_view kind_name(JournalKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

Result<JournalKind> kind_from(std::string_view name) {
  for (std::size_t i = 0; i < kind_names.size(); ++i) {
    if (kind_names[i] == name) return static_cast<JournalKind>(i);
  }
  return fail(DiagnosticCode::inventory_damaged,
              fmt::format("the journal holds an event `{}`", name.substr(0, 40)));
}

}  // namespace carbon
