#include "cli/views/graph_lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "cli/views/field_text.h"
#include "cli/views/plan_view.h"

namespace carbon {

namespace {

class GraphLines {
 public:
  GraphLines(const GraphPicture& picture, std::size_t width) : picture_(picture), width_(width) {}

  std::string write() && {
    std::vector<std::string> frames;
    std::map<std::string_view, std::vector<std::uint32_t>> members;
    for (std::uint32_t i = 0; i < picture_.boxes.size(); ++i) {
      const GraphPicture::Box& box = picture_.boxes[i];
      std::vector<std::uint32_t>& in_frame = members[box.frame];
      if (in_frame.empty()) frames.push_back(box.frame);
      in_frame.push_back(i);
      mark_ = std::max(mark_, action_text(box).size());
      title_ = std::max(title_, utf8::count(visible(box.title)));
      note_ = std::max(note_, utf8::count(visible(box.note)));
    }
    for (const GraphPicture::Arrow& arrow : picture_.arrows) {
      std::string name = visible(picture_.boxes[arrow.from].title);
      if (arrow.count > 1) name += fmt::format(" x{}", arrow.count);
      (arrow.only_order ? after_ : needs_)[arrow.to].push_back(std::move(name));
    }
    for (const std::string& frame : frames) {
      if (!out_.empty()) out_ += "\n";
      indent_ = frame.empty() ? 0 : 2;
      if (!frame.empty()) out_ += visible(frame) + "\n";
      for (std::uint32_t box : members[frame]) line(box);
    }
    foot();
    return std::move(out_);
  }

 private:
  void line(std::uint32_t index) {
    const GraphPicture::Box& box = picture_.boxes[index];
    std::string text(indent_, ' ');
    if (mark_ > 0) text += padded(action_text(box), mark_) + "  ";
    text += padded(visible(box.title), title_) + "  " + padded(visible(box.note), note_);
    std::vector<std::string> words = waits(index);
    if (!words.empty()) text += " ";
    std::size_t hang = utf8::count(text) + 1;
    // On a narrow terminal what is needed stands on lines of its own.
    if (hang + least_room > width_ && !words.empty()) {
      hang = indent_ + 6;
      end(text);
      text.assign(hang - 1, ' ');
    }
    for (const std::string& word : words) {
      if (utf8::count(text) + 1 + utf8::count(word) > width_ && utf8::count(text) >= hang) {
        end(text);
        text.assign(hang - 1, ' ');
      }
      text += " " + word;
    }
    end(text);
  }

  /// `needs a, b x3; after c`, as words that a line may break between.
  std::vector<std::string> waits(std::uint32_t index) const {
    std::vector<std::string> words;
    for (const auto& [lead, names] : {std::pair("needs ", &needs_), std::pair("after ", &after_)}) {
      auto found = names->find(index);
      if (found == names->end()) continue;
      if (!words.empty()) words.back() += ";";
      for (std::size_t i = 0; i < found->second.size(); ++i) {
        bool last = i + 1 == found->second.size();
        words.push_back((i == 0 ? lead : "") + found->second[i] + (last ? "" : ","));
      }
    }
    return words;
  }

  void foot() {
    std::size_t nodes = 0;
    bool changes = false;
    for (const GraphPicture::Box& box : picture_.boxes) {
      nodes += box.nodes.size();
      changes = changes || box.worst;
    }
    if (!out_.empty()) out_ += "\n";
    out_ += counted(nodes, changes ? "change" : "resource");
    if (nodes > picture_.boxes.size()) {
      std::string_view what = picture_.level == GraphLevel::files ? "file" : "component";
      out_ += fmt::format(" in {}, one a {}; `--level resources` shows each",
                          counted(picture_.boxes.size(), "line"), what);
    }
    out_ += ".\n";
  }

  void end(std::string& text) {
    text.resize(text.find_last_not_of(' ') + 1);
    out_ += text + "\n";
  }

  static constexpr std::size_t least_room = 24;  ///< columns for what is needed, beside the rest
  const GraphPicture& picture_;
  std::size_t width_;
  std::size_t mark_ = 0, title_ = 0, note_ = 0;  ///< widths of the columns
  std::size_t indent_ = 0;
  std::map<std::uint32_t, std::vector<std::string>> needs_, after_;
  std::string out_;
};

}  // namespace

std::string action_text(const GraphPicture::Box& box) {
  if (!box.worst) return "";
  std::string mark(symbol(*box.worst));
  // The note of a box of several has the words.
  return box.nodes.size() > 1 ? mark : fmt::format("{} {}", mark, to_string(*box.worst));
}

std::string graph_lines(const GraphPicture& picture, std::size_t width) {
  return GraphLines(picture, width).write();
}

}  // namespace carbon
