#include "cli/views/completion_view.h"

#include <fmt/format.h>

#include <algorithm>

namespace carbon {

namespace {

/// Calls `each(path, command)` for every command, `path` being its words without `carbon`.
template <class Each>
void walk(const CommandWords& command, const std::string& path, const Each& each) {
  each(path, command);
  for (const CommandWords& sub : command.commands)
    walk(sub, path.empty() ? sub.name : path + " " + sub.name, each);
}

/// Between single quotes of a shell.
std::string shell_quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string words_of(const CommandWords& command) {
  std::vector<std::string> words;
  for (const CommandWords& sub : command.commands) words.push_back(sub.name);
  for (const OptionWords& option : command.options) {
    const std::vector<std::string>& more = option.argument ? option.choices : option.names;
    words.insert(words.end(), more.begin(), more.end());
  }
  return fmt::format("{}", fmt::join(words, " "));
}

std::string bash_script(const CommandWords& carbon) {
  std::string paths, values, words;
  walk(carbon, "", [&](const std::string& path, const CommandWords& command) {
    if (!path.empty()) paths += fmt::format("{}{}", paths.empty() ? "" : "|", shell_quoted(path));
    words += fmt::format("    {}) words={} ;;\n", shell_quoted(path), shell_quoted(words_of(command)));
    for (const OptionWords& option : command.options) {
      for (const std::string& name : option.names) {
        if (!option.argument && !option.choices.empty())
          values += fmt::format("    {}) words={} ;;\n", shell_quoted(path + " " + name),
                                shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
        else if (!option.argument && !option.value.empty())
          values += fmt::format("    {}) compopt -o default; return ;;\n", shell_quoted(path + " " + name));
      }
    }
  });
  return fmt::format(
      R"(# bash completion of carbon: source it, or put it into /usr/share/bash-completion/completions/carbon
_carbon() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}} verb='' words='' i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "${{verb:+$verb }}${{COMP_WORDS[i]}}" in
    {}) verb="${{verb:+$verb }}${{COMP_WORDS[i]}}" ;;
    esac
  done
  case "$verb $before" in
{}    *) case "$verb" in
{}    esac ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
  if [[ ${{#COMPREPLY[@]}} -eq 0 ]]; then compopt -o default; fi
}}
complete -F _carbon carbon
)",
      paths, values, words);
}

/// In a specification of zsh's _arguments, `[`, `]` and `:` are its own.
std::string zsh_text(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string zsh_arguments(const CommandWords& command) {
  std::string out;
  for (const OptionWords& option : command.options) {
    if (option.argument) continue;
    std::string what;
    if (!option.choices.empty())
      what = fmt::format(":value:({})", fmt::join(option.choices, " "));
    else if (!option.value.empty())
      what = ":value:_files";
    for (const std::string& name : option.names)
      out += fmt::format(" \\\n      {}",
                         shell_quoted(fmt::format("*{}[{}]{}", name, zsh_text(option.text), what)));
  }
  return out;
}

std::string zsh_script(const CommandWords& carbon) {
  std::string out =
      "#compdef carbon\n# zsh completion of carbon: put it as _carbon into a folder of $fpath\n";
  walk(carbon, "", [&](const std::string& path, const CommandWords& command) {
    std::string function = "_carbon" + (path.empty() ? "" : "_" + path);
    std::replace(function.begin(), function.end(), ' ', '_');
    out += fmt::format("{}() {{\n  local line state\n  local -a commands\n", function);
    auto argument =
        std::find_if(command.options.begin(), command.options.end(),
                     [](const OptionWords& option) { return option.argument && !option.choices.empty(); });
    std::string rest = argument == command.options.end()
                           ? "*:file:_files"
                           : fmt::format("1:value:({})", fmt::join(argument->choices, " "));
    if (command.commands.empty()) {
      out += fmt::format("  _arguments{} \\\n      {}\n}}\n", zsh_arguments(command), shell_quoted(rest));
      return;
    }
    out += "  commands=(\n";
    for (const CommandWords& sub : command.commands)
      out += fmt::format("    {}\n", shell_quoted(sub.name + ":" + zsh_text(sub.text)));
    out += fmt::format("  )\n  _arguments -C{} \\\n      '1: :->command' '*:: :->rest'\n",
                       zsh_arguments(command));
    out += "  case $state in\n  command) _describe command commands ;;\n  rest) case $line[1] in\n";
    for (const CommandWords& sub : command.commands)
      out += fmt::format("    {}) {}_{} ;;\n", sub.name, function, sub.name);
    out += "    esac ;;\n  esac\n}\n";
  });
  return out + "if [[ $funcstack[1] == _carbon ]]; then _carbon \"$@\"; else compdef _carbon carbon; fi\n";
}

std::string fish_script(const CommandWords& carbon) {
  std::string out = "# fish completion of carbon: put it into ~/.config/fish/completions/carbon.fish\n";
  walk(carbon, "", [&](const std::string& path, const CommandWords& command) {
    std::string when = path.empty() ? "__fish_use_subcommand" : "__fish_seen_subcommand_from " + path;
    if (std::size_t last = path.rfind(' '); last != std::string::npos)
      when = fmt::format("__fish_seen_subcommand_from {}; and __fish_seen_subcommand_from {}",
                         path.substr(0, last), path.substr(last + 1));
    for (const CommandWords& sub : command.commands)
      out += fmt::format("complete -c carbon -n {} -f -a {} -d {}\n", shell_quoted(when), sub.name,
                         shell_quoted(sub.text));
    for (const OptionWords& option : command.options) {
      if (option.argument && option.choices.empty()) continue;
      out += fmt::format("complete -c carbon -n {}", shell_quoted(when));
      if (option.argument) {
        out += fmt::format(" -f -a {}\n", shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
        continue;
      }
      for (const std::string& name : option.names)
        out += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!option.choices.empty())
        out += fmt::format(" -x -a {}", shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
      else if (!option.value.empty())
        out += " -r";
      out += fmt::format(" -d {}\n", shell_quoted(option.text));
    }
  });
  return out;
}

/// Text of a manual page: what would be a request or an escape is none.
std::string roff(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  return out.starts_with('.') || out.starts_with('\'') ? "\\&" + out : out;
}

std::string roff_options(const CommandWords& command) {
  std::string out;
  for (const OptionWords& option : command.options) {
    std::string value =
        option.choices.empty() ? option.value : fmt::format("{}", fmt::join(option.choices, "|"));
    std::string head = roff(fmt::format("{}", fmt::join(option.names, ", ")));
    out += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", head,
                       value.empty() || option.argument ? "" : " \\fI" + roff(value) + "\\fR",
                       roff(option.text));
  }
  return out;
}

constexpr std::string_view manual_tail = R"(.SH EXIT STATUS
.TP
0
success; of \fBplan\fR also when there are changes
.TP
1
an error or wrong usage; a failed \fBcheck\fR or \fBtest\fR; \fBfmt \-\-check\fR with differences
.TP
2
there are changes, with \fB\-\-detailed\-exitcode\fR
.TP
3
refused by a policy, a protection or the delete budget
.TP
4
the plan is stale, used, expired or not for this target
.TP
5
the lock was not obtained in time
.TP
6
some steps are done, some failed or were skipped
.TP
7
applied, but not ready in time
.TP
130
interrupted; what was begun is in the journal
.SH ENVIRONMENT
.TP
\fBCARBON_ENV\fR
the environment where \fB\-\-env\fR is not given
.TP
\fBNO_COLOR\fR
no colours where \fB\-\-color always\fR is not given
.TP
\fBKUBECONFIG\fR
the kubeconfigs of providers that name none
.SH FILES
.TP
\fI.carbon/\fR
beneath the platform's folder: the inventory with its journal, and the sandbox. Not for a repository.
.SH SEE ALSO
\fBcarbon explain\fR tells of every diagnostic code, type and function.
)";

}  // namespace

std::string completion_script(const CommandWords& carbon, std::string_view shell) {
  if (shell == "zsh") return zsh_script(carbon);
  return shell == "fish" ? fish_script(carbon) : bash_script(carbon);
}

std::string manual_page(const CommandWords& carbon) {
  std::string out = fmt::format(
      ".TH CARBON 1\n.SH NAME\ncarbon \\- {}\n.SH SYNOPSIS\n.B carbon\n.I COMMAND\n.RI [ OPTIONS ]\n.SH "
      "COMMANDS\n",
      roff(carbon.text.substr(carbon.text.find(' ') + 1)));
  walk(carbon, "", [&](const std::string& path, const CommandWords& command) {
    if (!command.commands.empty()) return;
    out += fmt::format(".SS carbon {}\n{}.\n{}", roff(path), roff(command.text), roff_options(command));
  });
  return out.append(manual_tail);
}

}  // namespace carbon
