#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace carbon {

/// One option or argument of a command, as the command line knows it.
struct OptionWords {
  std::vector<std::string> names;    ///< `-o`, `--out`; of an argument its name alone, as `FILE`
  std::string value;                 ///< what follows it, as `TEXT`; empty: a flag
  std::vector<std::string> choices;  ///< all that may follow it; empty: anything
  std::string text;                  ///< what --help says
  bool argument = false;
};

/// One command with all beneath it: what shells complete and the manual page lists.
struct CommandWords {
  std::string name;
  std::string text;
  std::vector<OptionWords> options;
  std::vector<CommandWords> commands;
};

/// Of a command of CLI11, with all beneath it.
[[nodiscard]] CommandWords words_of(const CLI::App& app);

}  // namespace carbon
