#pragma once

#include <cstdio>
#include <map>
#include <string>

#include "base/diagnostic_text.h"
#include "engine/apply/run.h"

namespace carbon {

enum class ProgressStyle : std::uint8_t { tty, plain, json, quiet };

/// Shows an apply while it runs, on stderr. tty: a counter and at most 8 rows in flight, redrawn at most 10
/// times a second; plain: a line a finished step, and a heartbeat after 30 s of silence; json: nothing, its
/// lines are made by event_stream.h.
class ProgressView {
 public:
  ProgressView(const Plan& plan, ProgressStyle style, Color color, std::FILE* out);

  /// `now`: monotonic nanoseconds.
  void event(const ApplyEvent& event, std::int64_t now);
  /// Clears the live rows; call before anything else is printed.
  void close();

 private:
  struct Row {
    std::int64_t began = 0;
    std::string waits_for;
  };

  void plain(const ApplyEvent& event, std::int64_t now);
  void draw(std::int64_t now, bool always);
  void finished_line(const StepResult& result);
  [[nodiscard]] std::string paint(std::string_view code, std::string text) const;

  const Plan& plan_;
  ProgressStyle style_;
  Color color_;
  std::FILE* out_;
  std::map<std::uint32_t, Row> rows_;
  std::size_t finished_ = 0;
  std::size_t drawn_ = 0;
  std::int64_t last_ = 0;
};

/// What went wrong in a run: every failure, and what was not begun because of it.
[[nodiscard]] std::string run_errors(const Plan& plan, const Run& run, const SourceMap& sources, Color color);

/// The ledger at the end of an apply: counts, and what to type next.
[[nodiscard]] std::string run_text(const Plan& plan, const Run& run);

}  // namespace carbon
