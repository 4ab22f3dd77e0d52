#pragma once

#include <memory>
#include <tl/expected.hpp>
#include <utility>

#include "base/diagnostic.h"

namespace carbon {

/// Why a call failed: one Diagnostic, kept behind a pointer so that Result<T> stays small on the hot paths.
/// Copies share it.
class [[nodiscard]] Error {
 public:
  explicit Error(Diagnostic diagnostic) : diagnostic_(std::make_shared<Diagnostic>(std::move(diagnostic))) {}
  Error(DiagnosticCode code, std::string message, SourceSpan span = {});

  [[nodiscard]] const Diagnostic& diagnostic() const { return *diagnostic_; }
  [[nodiscard]] Diagnostic& diagnostic() { return *diagnostic_; }
  [[nodiscard]] DiagnosticCode code() const { return diagnostic_->code; }
  [[nodiscard]] const std::string& message() const { return diagnostic_->message; }

  /// Adds a remedy; returns itself so that errors are built in one expression.
  Error&& help(std::string text) &&;
  Error&& note(std::string text) &&;

 private:
  std::shared_ptr<Diagnostic> diagnostic_;
};

/// A value, or why there is none. Passes that go on after an error take a DiagnosticSink instead.
template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }
inline tl::unexpected<Error> fail(DiagnosticCode code, std::string message, SourceSpan span = {}) {
  return tl::unexpected<Error>(Error(code, std::move(message), span));
}

/// Status of a call that gives nothing back.
using Status = Result<void>;

}  // namespace carbon

/// Evaluates a Result; on failure returns its error from the enclosing function, else yields the value. May
/// be nested. Not for coroutines (use CARBON_CO_TRY), and never around a `co_await` (g++ 12 miscompiles
/// those).
#define CARBON_TRY(...) CARBON_TRY_NAMED(CARBON_UNIQUE(__COUNTER__), __VA_ARGS__)
#define CARBON_TRY_NAMED(name, ...)                            \
  __extension__({                                              \
    auto name = (__VA_ARGS__);                                 \
    if (!name) return ::carbon::fail(std::move(name).error()); \
    std::move(name).value();                                   \
  })
#define CARBON_UNIQUE(counter) CARBON_UNIQUE_JOIN(carbon_try_, counter)
#define CARBON_UNIQUE_JOIN(left, right) left##right

/// The same for a Status, or where the value does not matter.
#define CARBON_CHECK(...)                                                                    \
  do {                                                                                       \
    auto carbon_check_result = (__VA_ARGS__);                                                \
    if (!carbon_check_result) return ::carbon::fail(std::move(carbon_check_result).error()); \
  } while (false)
