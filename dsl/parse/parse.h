#pragma once

#include <cstdint>

#include "base/diagnostic.h"
#include "base/source.h"
#include "dsl/syntax/syntax_tree.h"

namespace carbon {

/// At most this many syntax errors are reported for one file; what follows is one skipped node.
inline constexpr std::size_t max_syntax_errors = 20;
/// Brackets, blocks and conditionals may be nested this deep (C0104 beyond).
inline constexpr std::size_t max_nesting = 256;
/// Operators in one flat expression, and parts behind one operand (C0104 beyond), so that readers which turn
/// chains into trees may recurse.
inline constexpr std::size_t max_chain = 1024;

/// Parses one file. Always gives a lossless tree whose root covers the file; a declaration or item that is
/// wrong becomes a `skipped` node and one diagnostic, and parsing goes on behind it. Bytes that are not UTF-8
/// are reported (C0109) and taken as they are.
[[nodiscard]] SyntaxTree parse(const SourceMap& sources, std::uint32_t file, DiagnosticSink& sink);

}  // namespace carbon
