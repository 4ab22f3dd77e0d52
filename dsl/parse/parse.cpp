#include "dsl/parse/parse.h"

#include <algorithm>

#include "base/utf8.h"
#include "dsl/parse/check_tree.h"
#include "dsl/parse/grammar.h"
#include "dsl/parse/report.h"

namespace carbon {

namespace {

/// The only instantiation of the grammar: one input type, one control, no actions.
void run_grammar(TreeBuilder& builder) {
  namespace peg = tao::pegtl;
  std::string_view text = builder.source();
  peg::memory_input<peg::tracking_mode::lazy> input(text.data(), text.data() + text.size(), "");
  try {
    (void)peg::parse<grammar::file, peg::nothing, grammar::ParseControl>(input, builder);
  } catch (const GiveUpFile&) {
    builder.abandon();
  }
}

std::uint32_t place(const Diagnostic& diagnostic) { return diagnostic.labels.front().span.begin; }

Diagnostic make(DiagnosticCode code, std::string message, SourceSpan span, std::string label) {
  Diagnostic made;
  made.code = code;
  made.message = std::move(message);
  made.labels.push_back({span, std::move(label)});
  return made;
}

void check_encoding(const SourceMap::File& file, std::vector<Diagnostic>& out) {
  const char* begin = file.text.data();
  if (std::size_t mark = scan::byte_order_mark(begin, begin + file.text.size())) {
    SourceSpan span{file.base, static_cast<std::uint32_t>(file.base + mark)};
    out.push_back(make(DiagnosticCode::bad_character, "the file starts with a byte order mark", span, ""));
    out.back().helps.push_back({"save it as plain UTF-8", Fix{span, "", FixSafety::safe}});
  }
  std::size_t bad = utf8::first_invalid(file.text);
  if (bad == std::string::npos) return;
  auto at = static_cast<std::uint32_t>(file.base + bad);
  out.push_back(make(DiagnosticCode::not_utf8, "the file is not valid UTF-8", {at, at + 1}, "this byte"));
}

}  // namespace

SyntaxTree parse(const SourceMap& sources, std::uint32_t file, DiagnosticSink& sink) {
  const SourceMap::File& source = sources.file(file);
  TreeBuilder builder(source.text, source.base);
  run_grammar(builder);

  std::vector<Diagnostic> found;
  for (const Fault& fault : builder.faults()) found.push_back(describe(fault, source.text, source.base));
  check_encoding(source, found);
  SyntaxTree tree(sources, file, builder.take());
  for (Diagnostic& diagnostic : check_tree(tree)) found.push_back(std::move(diagnostic));

  std::stable_sort(found.begin(), found.end(),
                   [](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  if (found.size() > max_syntax_errors) found.resize(max_syntax_errors);
  for (Diagnostic& diagnostic : found) sink.add(std::move(diagnostic));
  return tree;
}

}  // namespace carbon
