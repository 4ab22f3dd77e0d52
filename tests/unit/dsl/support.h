#pragma once

#include <string>

#include "base/diagnostic.h"
#include "dsl/parse/parse.h"
#include "dsl/syntax/node_ref.h"

namespace carbon::testing {

/// Parses one text and keeps what the tree refers to. Not copyable: the tree points into it.
class Parsed {
 public:
  explicit Parsed(std::string text)
      : tree_(carbon::parse(sources_, sources_.add("test.carbon", std::move(text)), sink_)) {}
  Parsed(const Parsed&) = delete;
  Parsed& operator=(const Parsed&) = delete;

  [[nodiscard]] const SourceMap& sources() const { return sources_; }
  [[nodiscard]] const DiagnosticSink& sink() const { return sink_; }
  [[nodiscard]] const SyntaxTree& tree() const { return tree_; }
  /// The first declaration.
  [[nodiscard]] NodeRef declaration() const { return tree_.root().children().at(0); }
  /// The first expression of the first declaration.
  [[nodiscard]] NodeRef value() const { return declaration().value(); }

 private:
  SourceMap sources_;
  DiagnosticSink sink_;
  SyntaxTree tree_;
};

}  // namespace carbon::testing
