#include "base/diagnostic.h"

#include <algorithm>
#include <tuple>

#include "base/result.h"

namespace carbon {

namespace {

Diagnostic make(DiagnosticCode code, Severity severity, std::string message, SourceSpan span,
                std::string label) {
  Diagnostic made;
  made.code = code;
  made.severity = severity;
  made.message = std::move(message);
  if (span.known()) made.labels.push_back({span, std::move(label)});
  return made;
}

std::uint32_t place(const Diagnostic& diagnostic) {
  return diagnostic.labels.empty() ? UINT32_MAX : diagnostic.labels.front().span.begin;
}

}  // namespace

void DiagnosticSink::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error) ++errors_;
  all_.push_back(std::move(diagnostic));
}

Diagnostic& DiagnosticSink::error(DiagnosticCode code, std::string message, SourceSpan span,
                                  std::string label) {
  add(make(code, Severity::error, std::move(message), span, std::move(label)));
  return all_.back();
}

Diagnostic& DiagnosticSink::warning(DiagnosticCode code, std::string message, SourceSpan span,
                                    std::string label) {
  add(make(code, Severity::warning, std::move(message), span, std::move(label)));
  return all_.back();
}

void DiagnosticSink::sort() {
  std::stable_sort(all_.begin(), all_.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::tuple(place(a), a.code) < std::tuple(place(b), b.code);
  });
}

Error::Error(DiagnosticCode code, std::string message, SourceSpan span)
    : Error(make(code, Severity::error, std::move(message), span, {})) {}

Error&& Error::help(std::string text) && {
  diagnostic_->helps.push_back({std::move(text), std::nullopt});
  return std::move(*this);
}

Error&& Error::note(std::string text) && {
  diagnostic_->notes.push_back(std::move(text));
  return std::move(*this);
}

}  // namespace carbon
