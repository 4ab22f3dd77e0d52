#include <fmt/core.h>

#include "base/value_json.h"
#include "cli/commands/commands.h"
#include "cli/compile.h"
#include "cli/console.h"
#include "cli/line_editor.h"
#include "cli/views/value_source.h"
#include "dsl/expand/evaluate_let.h"
#include "platform/secrets/secrets.h"

namespace carbon {

ExitCode run_eval(const Options& options) {
  if (!options.expression) return run_console(options);
  std::string name;
  auto compiled = check_with_let(options, *options.expression, name);
  std::optional<Value> value;
  if (compiled->ok()) {
    value = evaluate_let(*compiled->program, name, expand_options(options), compiled->diagnostics);
  }
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!value || !compiled->ok()) return ExitCode::error;
  bool json = options.format == OutputFormat::json;
  fmt::print("{}\n", json ? to_json(*value, JsonStyle::indented) : value_source(*value));
  return ExitCode::success;
}

ExitCode run_console(const Options& options) {
  Console console(options);
  LineEditor editor(key_folder() + "/console-history",
                    [&console](const std::string& word) { return console.completions(word); });
  if (editor.is_terminal()) fmt::print("Expressions of the platform; `:help` says more.\n");
  bool bad = false;
  std::string text;
  auto finish = [&] {
    Console::Answer answer = console.enter(text);
    bad = bad || answer == Console::Answer::bad;
    text.clear();
    std::fflush(stdout);
    return answer != Console::Answer::leave;
  };
  while (true) {
    std::string_view environment = console.environment();
    std::string prompt = fmt::format("{}> ", environment.empty() ? "carbon" : environment);
    if (!text.empty()) prompt = std::string(prompt.size() - 2, '.') + "> ";
    LineEditor::Read line = editor.read(prompt);
    if (line.outcome == LineEditor::Outcome::end) break;
    if (line.outcome == LineEditor::Outcome::interrupted) {
      text.clear();
      continue;
    }
    text += line.text + "\n";
    // An empty line ends what would go on.
    bool more = !line.text.empty() && !text.starts_with(':') && is_incomplete(text);
    if (!more && !finish()) break;
  }
  if (!text.empty()) (void)finish();
  // On a terminal a mistake has been seen; a program that reads from a pipe has to be told.
  return bad && !editor.is_terminal() ? ExitCode::error : ExitCode::success;
}

}  // namespace carbon
