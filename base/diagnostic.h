#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic_code.h"
#include "base/source.h"

namespace carbon {

enum class Severity : std::uint8_t { error, warning, note };

/// A place and what to say of it. The first label of a diagnostic is its primary one.
struct Label {
  SourceSpan span;
  std::string text;
};

/// How sure a fix is. Only `safe` ones run under `carbon check --fix` (the words are rustc's applicability).
enum class FixSafety : std::uint8_t { safe, maybe };

/// Replace the bytes of `span` by `replacement` (an empty span inserts).
struct Fix {
  SourceSpan span;
  std::string replacement;
  FixSafety safety = FixSafety::maybe;
};

/// What to do about it, in words; with a fix where one is certain.
struct Help {
  std::string text;
  std::optional<Fix> fix;
};

/// One thing that is wrong (or worth knowing), as data. `message` is one line, lower case, no final stop,
/// names in back quotes. Style: docs/diagnostics.md.
struct Diagnostic {
  DiagnosticCode code{};
  Severity severity = Severity::error;
  std::string message;
  std::vector<Label> labels;
  std::vector<Help> helps;
  std::vector<std::string> notes;
  std::string address;  ///< the resource concerned, where there is one
};

/// Collects diagnostics of a pass that goes on after an error. Not shared between threads.
class DiagnosticSink {
 public:
  void add(Diagnostic diagnostic);
  /// Adds an error with one primary label; the reference stays valid until the next add, for helps and notes.
  Diagnostic& error(DiagnosticCode code, std::string message, SourceSpan span, std::string label = {});
  Diagnostic& warning(DiagnosticCode code, std::string message, SourceSpan span, std::string label = {});

  [[nodiscard]] bool has_errors() const { return errors_ != 0; }
  [[nodiscard]] std::size_t error_count() const { return errors_; }
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  /// Orders by place, then code, so that output does not depend on the order of passes.
  void sort();

 private:
  std::vector<Diagnostic> all_;
  std::size_t errors_ = 0;
};

}  // namespace carbon
