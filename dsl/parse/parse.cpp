#include "dsl/parse/parse.h"

namespace carbon {

SyntaxTree parse(const SourceMap& sources, std::uint32_t file, DiagnosticSink&) {
  const SourceMap::File& source = sources.file(file);
  auto end = static_cast<std::uint32_t>(source.base + source.text.size());
  return {sources, file, {{source.base, end, 1, NodeKind::file}}};
}

}  // namespace carbon
