#pragma once

#include <string_view>

#include "dsl/parse/grammar.h"

namespace carbon {

/// Takes what the grammar says and keeps nothing of it: what is left of the parser without its tree. Gives up
/// at the first fault.
class Recogniser {
 public:
  struct State {
    std::size_t depth;
  };

  [[nodiscard]] State state() const { return {depth_}; }
  void restore(State state) { depth_ = state.depth; }
  void open(NodeKind, const char*) {}
  void close(const char*) {}
  void leaf(NodeKind, const char* begin, const char* end) { last_ = {begin, end}; }
  void wrap(NodeKind, State, const char*, const char*) {}
  [[nodiscard]] bool has_siblings(State) const { return false; }
  void retag(NodeKind) {}
  [[nodiscard]] std::string_view last_text() const { return last_; }
  void enter(const char*) {
    if (depth_ == max_nesting) throw GiveUpFile{};
    ++depth_;
  }
  void leave() { --depth_; }
  [[noreturn]] void raise(Expected, const char*) { throw GiveUpFile{}; }
  [[noreturn]] void raise_at_last(Expected) { throw GiveUpFile{}; }
  [[nodiscard]] AwaitedClosers awaited() const { return {}; }
  [[nodiscard]] const char* stopped_at() const { return nullptr; }
  void lost_balance(const char*) {}

 private:
  std::size_t depth_ = 0;
  std::string_view last_;
};

/// Whether a text is of the grammar.
[[nodiscard]] inline bool recognise(std::string_view text) {
  namespace peg = tao::pegtl;
  peg::memory_input<peg::tracking_mode::lazy> input(text.data(), text.data() + text.size(), "");
  Recogniser recogniser;
  try {
    return peg::parse<grammar::file, peg::nothing, grammar::ParseControl>(input, recogniser);
  } catch (const GiveUpFile&) {
    return false;
  }
}

}  // namespace carbon
