#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lsp/analysis.h"
#include "lsp/probe.h"

namespace carbon::lsp {

/// CompletionItemKind of the protocol.
enum class ItemKind : std::uint8_t {
  function = 3,
  field = 5,
  variable = 6,
  klass = 7,
  module = 9,
  property = 10,
  value = 12,
  keyword = 14,
};

struct CompletionItem {
  std::string label;
  ItemKind kind = ItemKind::variable;
  std::string detail;
  std::string documentation;  ///< Markdown
  std::string insert;         ///< what takes the place of the word; empty: the label
  std::string snippet;        ///< the same with places to fill, for clients that know these; empty: none
  char rank = '5';            ///< sorts before the label
};

/// Everything that could stand at the probe's cursor, unsorted. The analysis is one of the probe's text that
/// looked at its offset; `path` is the file's.
[[nodiscard]] std::vector<CompletionItem> complete(const Analysis& analysis, const std::string& path,
                                                   const Probe& probe);

}  // namespace carbon::lsp
