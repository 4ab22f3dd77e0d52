// The only place that knows libedit.
#include "cli/line_editor.h"

#include <fmt/core.h>
#include <histedit.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <filesystem>
#include <iostream>

#include "platform/io/shared_library.h"

namespace carbon {

namespace {

constexpr int most_kept = 1000;

volatile std::sig_atomic_t interrupted = 0;

/// A read that has not begun when the signal comes would wait for the next key, so it is woken until it is
/// seen.
extern "C" void on_interrupt(int) {
  interrupted = 1;
  itimerval soon{{0, 20'000}, {0, 20'000}};
  ::setitimer(ITIMER_REAL, &soon, nullptr);
}
extern "C" void on_timer(int) {}

/// Ctrl-C takes the line away instead of ending the program, while a line is read.
class Interrupts {
 public:
  Interrupts() {
    interrupted = 0;
    struct sigaction action {};
    action.sa_handler = on_timer;  // without SA_RESTART: the read ends
    ::sigaction(SIGALRM, &action, &timer_before_);
    action.sa_handler = on_interrupt;
    ::sigaction(SIGINT, &action, &before_);
  }
  ~Interrupts() {
    ::sigaction(SIGINT, &before_, nullptr);
    itimerval never{};
    ::setitimer(ITIMER_REAL, &never, nullptr);
    ::sigaction(SIGALRM, &timer_before_, nullptr);
  }
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

 private:
  struct sigaction before_ {};
  struct sigaction timer_before_ {};
};

SharedLibrary& libedit() {
  static SharedLibrary library("libedit.so.2", "libedit2");
  return library;
}

#define CARBON_LIBEDIT(name) static auto* const name = libedit().function<decltype(::name)>(#name)

bool in_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/// What all of them begin with.
std::string common_start(const std::vector<std::string>& words) {
  std::string start = words.front();
  for (const std::string& word : words) {
    auto [end, rest] = std::mismatch(start.begin(), start.end(), word.begin(), word.end());
    start.erase(end, start.end());
  }
  return start;
}

}  // namespace

struct LineEditor::Terminal {
  EditLine* editor = nullptr;
  History* history = nullptr;
  std::string prompt;
  std::string history_file;
  Complete complete;

  /// The words in columns below the line.
  static void list(const std::vector<std::string>& words) {
    std::size_t width = 0;
    for (const std::string& word : words) width = std::max(width, word.size() + 2);
    std::size_t columns = std::max<std::size_t>(1, 80 / width);
    for (std::size_t i = 0; i < words.size(); ++i)
      fmt::print("{}{:<{}}", i % columns == 0 ? "\n" : "", words[i], width);
    fmt::print("\n");
    std::fflush(stdout);
  }

  static Terminal& of(EditLine* editor) {
    CARBON_LIBEDIT(el_get);
    void* self = nullptr;
    el_get(editor, EL_CLIENTDATA, &self);
    return *static_cast<Terminal*>(self);
  }
  static char* prompt_of(EditLine* editor) { return of(editor).prompt.data(); }

  static unsigned char on_tab(EditLine* editor, int) {
    CARBON_LIBEDIT(el_line);
    CARBON_LIBEDIT(el_insertstr);
    const LineInfo* line = el_line(editor);
    const char* begin = line->cursor;
    while (begin != line->buffer && in_word(begin[-1])) --begin;
    std::string word(begin, line->cursor);
    std::vector<std::string> words = of(editor).complete(word);
    if (words.empty()) return CC_ERROR;
    std::string more = common_start(words).substr(word.size());
    if (!more.empty()) return el_insertstr(editor, more.c_str()) == 0 ? CC_REFRESH : CC_ERROR;
    if (words.size() == 1) return CC_ERROR;
    list(words);
    return CC_REDISPLAY;
  }

  void open() {
    CARBON_LIBEDIT(el_init);
    CARBON_LIBEDIT(el_set);
    CARBON_LIBEDIT(history_init);
    static auto* const call = libedit().function<decltype(::history)>("history");
    // What is typed is UTF-8; nothing else of the program depends on this.
    if (std::setlocale(LC_CTYPE, "") == nullptr || MB_CUR_MAX == 1) std::setlocale(LC_CTYPE, "C.UTF-8");
    editor = el_init("carbon", stdin, stdout, stderr);
    history = history_init();
    HistEvent event{};
    call(history, &event, H_SETSIZE, most_kept);
    call(history, &event, H_SETUNIQUE, 1);
    call(history, &event, H_LOAD, history_file.c_str());
    el_set(editor, EL_CLIENTDATA, this);
    el_set(editor, EL_PROMPT, &prompt_of);
    el_set(editor, EL_EDITOR, "emacs");
    el_set(editor, EL_HIST, call, history);
    el_set(editor, EL_ADDFN, "carbon-complete", "Completes a name", &on_tab);
    el_set(editor, EL_BIND, "^I", "carbon-complete", nullptr);
    el_set(editor, EL_BIND, "^R", "em-inc-search-prev", nullptr);
  }

  void keep(const std::string& line) {
    bool blank = line.empty() || line.front() == ' ' || line.front() == '\t';
    if (blank) return;
    static auto* const call = libedit().function<decltype(::history)>("history");
    HistEvent event{};
    call(history, &event, H_ENTER, line.c_str());
  }

  void close() {
    CARBON_LIBEDIT(el_end);
    CARBON_LIBEDIT(history_end);
    static auto* const call = libedit().function<decltype(::history)>("history");
    std::error_code error;
    std::filesystem::path folder = std::filesystem::path(history_file).parent_path();
    // What was typed is nobody else's.
    mode_t before = ::umask(077);
    std::filesystem::create_directories(folder, error);
    HistEvent event{};
    call(history, &event, H_SAVE, history_file.c_str());
    ::umask(before);
    history_end(history);
    el_end(editor);
  }
};

LineEditor::LineEditor(std::string history_file, Complete complete) {
  if (::isatty(STDIN_FILENO) != 1 || ::isatty(STDOUT_FILENO) != 1) return;
  terminal_ = std::make_unique<Terminal>();
  terminal_->history_file = std::move(history_file);
  terminal_->complete = std::move(complete);
  terminal_->open();
}

LineEditor::~LineEditor() {
  if (terminal_ != nullptr) terminal_->close();
}

LineEditor::Read LineEditor::read(const std::string& prompt) {
  if (terminal_ == nullptr) {
    std::string line;
    if (!std::getline(std::cin, line)) return {};
    if (line.ends_with('\r')) line.pop_back();
    return {Outcome::line, std::move(line)};
  }
  CARBON_LIBEDIT(el_gets);
  CARBON_LIBEDIT(el_reset);
  terminal_->prompt = prompt;
  CARBON_LIBEDIT(el_set);
  Interrupts interrupts;
  // Before the prompt is seen: a key that comes right behind it must not meet a terminal that is not set up.
  el_set(terminal_->editor, EL_PREP_TERM, 1);
  int size = 0;
  const char* text = el_gets(terminal_->editor, &size);
  el_set(terminal_->editor, EL_PREP_TERM, 0);
  if (interrupted != 0) {
    el_reset(terminal_->editor);
    fmt::print("\n");
    return {Outcome::interrupted, ""};
  }
  if (text == nullptr || size <= 0) {
    fmt::print("\n");
    return {};
  }
  std::string line(text, static_cast<std::size_t>(size));
  while (line.ends_with('\n') || line.ends_with('\r')) line.pop_back();
  terminal_->keep(line);
  return {Outcome::line, std::move(line)};
}

}  // namespace carbon
