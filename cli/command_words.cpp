#include "cli/command_words.h"

#include <CLI/CLI.hpp>
#include <sstream>

namespace carbon {

namespace {

OptionWords words_of(const CLI::Option& option) {
  OptionWords words;
  words.argument = option.get_positional();
  if (words.argument) words.names.push_back(option.get_name(true));
  for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  words.text = option.get_description();
  if (option.get_items_expected_max() == 0) return words;
  // `TEXT:{live,sandbox}`: CLI11 keeps the choices in the name of the type.
  std::string type = option.get_type_name();
  std::size_t open = type.find(":{");
  words.value = type.substr(0, type.find(':'));
  if (open == std::string::npos) return words;
  std::istringstream choices(type.substr(open + 2, type.rfind('}') - open - 2));
  for (std::string choice; std::getline(choices, choice, ',');) words.choices.push_back(choice);
  return words;
}

}  // namespace

CommandWords words_of(const CLI::App& app) {
  CommandWords words{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) words.options.push_back(words_of(*option));
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; }))
    words.commands.push_back(words_of(*sub));
  return words;
}

}  // namespace carbon
