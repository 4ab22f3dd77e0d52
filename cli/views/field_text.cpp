#include "cli/views/field_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "base/utf8.h"
#include "base/value_text.h"
#include "cli/views/plan_view.h"
#include "cli/views/value_diff.h"

namespace carbon {

namespace {

constexpr std::size_t most_diff_lines = 20;
constexpr std::size_t field_indent = 4;
constexpr std::size_t value_indent = 8;
constexpr std::size_t least_room = 24;
/// With `--detail full` nothing is cut that a person may want to read.
constexpr std::size_t any_width = 100'000;

std::string_view color_of(char sign) {
  switch (sign) {
    case '+': return "32";
    case '-': return "31";
    case '~': return "33";
    default: return "0";
  }
}

/// What the head line of the object does not say of this field alone.
std::vector<std::string> notes_of(const Change& change, const FieldChange& field) {
  std::vector<std::string> notes;
  if (!field.words.empty()) notes.push_back(visible_line(field.words));
  if (field.immutable && change.action != Action::create) notes.emplace_back("immutable");
  if (!field.writer.empty()) {
    notes.push_back("set by " + visible_line(field.writer));
  } else if (change.because != Because::drift) {
    if (field.cause == FieldCause::both) notes.emplace_back("drift too");
    if (field.cause == FieldCause::drift) notes.emplace_back("drift");
  }
  return notes;
}

class FieldWriter {
 public:
  FieldWriter(const Change& change, const FieldChange& field, const FieldLayout& layout)
      : field_(field),
        layout_(layout),
        where_(place_text(field.written)),
        notes_(notes_of(change, field)),
        path_(visible_line(field.path.text())),
        creates_(change.action == Action::create) {}

  std::string write() {
    if (field_.secret) {
      // A secret that is the same is among the unchanged fields.
      on_one_line(secret_text(field_, creates_));
    } else if (field_.before && field_.after) {
      changed(*field_.before, *field_.after);
    } else if (field_.after) {
      one_sided(creates_ ? "" : "(not set) -> ", *field_.after, "");
    } else if (field_.before) {
      one_sided("", *field_.before, " -> (removed)");
    } else {
      on_one_line("(removed)");
    }
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::size_t room(std::size_t used) const {
    if (layout_.full) return any_width;
    return std::max(layout_.width > used ? layout_.width - used : 0, least_room);
  }
  [[nodiscard]] std::size_t beside_path() const {
    std::size_t path = std::max(layout_.path_width, utf8::count(path_));
    return field_indent + path + 3 + (where_.empty() ? 0 : where_.size() + 2);
  }

  /// Whether it fits beside the path and the place; tried with the notes, then without.
  bool try_one_line(const std::string& value, bool with_notes) {
    std::string line = std::string(field_indent, ' ') + padded(path_, layout_.path_width) + "   " + value;
    // Rather out of its column than on two lines.
    std::size_t needed = where_.size() + 2;
    if (utf8::count(line) + needed > layout_.width)
      line = std::string(field_indent, ' ') + path_ + "   " + value;
    if (with_notes) {
      for (const std::string& note : notes_) line += fmt::format("   ({})", note);
    }
    std::size_t wide = utf8::count(line) + (where_.empty() ? 0 : where_.size() + 2);
    if (wide > layout_.width) return false;
    end_line(std::move(line));
    if (!with_notes) notes_below();
    return true;
  }
  void on_one_line(const std::string& value) {
    if (try_one_line(value, true) || try_one_line(value, false)) return;
    path_line("");
    below(' ', value);
    notes_below();
  }

  void end_line(std::string line) {
    if (!where_.empty())
      line = padded(line + "  ", layout_.width > where_.size() ? layout_.width - where_.size() : 0) + where_;
    out_ += line + "\n";
  }
  void path_line(const std::string& what) {
    std::string line = std::string(field_indent, ' ') + path_;
    end_line(what.empty() ? line : padded(line, field_indent + layout_.path_width) + "   " + what);
  }
  void below(char sign, const std::string& text) {
    std::string line = sign == ' ' ? text : fmt::format("{} {}", sign, text);
    out_ += std::string(value_indent, ' ') + painted(color_of(sign), line, layout_.color) + "\n";
  }
  void notes_below() {
    for (const std::string& note : notes_) below(' ', "(" + note + ")");
  }

  void one_sided(const std::string& head, const Value& value, const std::string& tail) {
    std::size_t enough = layout_.full ? any_width : layout_.width + 1;
    std::string whole = head + value_text(value, enough) + tail;
    if (try_one_line(whole, true) || try_one_line(whole, false)) return;
    std::size_t beside = beside_path() + head.size() + tail.size();
    if (layout_.width >= beside + least_room || layout_.full) {
      std::string cut = head + value_text(value, room(beside)) + tail;
      if (try_one_line(cut, false)) return;
    }
    path_line("");
    below(' ', head + value_text(value, room(value_indent + head.size() + tail.size())) + tail);
    notes_below();
  }

  void changed(const Value& before, const Value& after) {
    std::size_t columns = std::max<std::size_t>(layout_.width, 60) - value_indent - 2;
    if (auto inside = value_diff(before, after, layout_.full ? any_width : columns))
      return differences(*inside);
    std::size_t enough = layout_.full ? any_width : layout_.width + 1;
    std::string line = value_text(before, enough) + " -> " + value_text(after, enough);
    if (try_one_line(line, true) || try_one_line(line, false)) return;
    path_line("");
    auto [shown_before, shown_after] =
        side_by_side(value_text(before, any_width), value_text(after, any_width));
    below('-', shown_before);
    below('+', shown_after);
    notes_below();
  }

  /// Both cut to a line, from shortly before they begin to differ where that would be cut off.
  [[nodiscard]] std::pair<std::string, std::string> side_by_side(std::string_view before,
                                                                 std::string_view after) const {
    constexpr std::size_t lead = 20;
    std::size_t columns = room(value_indent + 2);
    auto differ = std::mismatch(before.begin(), before.end(), after.begin(), after.end());
    auto same = static_cast<std::size_t>(differ.first - before.begin());
    if (same < columns / 2) return {utf8::cut(before, columns), utf8::cut(after, columns)};
    // As far to the left as the longer one leaves room for.
    std::size_t longer = std::max(before.size(), after.size());
    std::size_t from = std::min(same - std::min(same, lead), longer + 1 > columns ? longer + 1 - columns : 0);
    while (from > 0 && (static_cast<unsigned char>(before[from]) & 0xC0) == 0x80) --from;
    auto rest = [&](std::string_view text) { return "…" + utf8::cut(text.substr(from), columns - 1); };
    return {rest(before), rest(after)};
  }

  void differences(const ValueDiff& inside) {
    path_line(differences_text(inside));
    std::size_t shown = inside.lines.size();
    if (!layout_.full) shown = std::min(shown, most_diff_lines);
    for (std::size_t i = 0; i < shown; ++i) {
      const DiffLine& line = inside.lines[i];
      if (line.sign == '@') {
        below(' ', fmt::format("({})", line.text));
      } else {
        // Lines around a change stand under it, so they keep the column of the sign.
        below(line.sign, line.sign == ' ' ? "  " + line.text : line.text);
      }
    }
    if (shown < inside.lines.size())
      below(' ', fmt::format("({} more lines; --detail full)", inside.lines.size() - shown));
    notes_below();
  }

  const FieldChange& field_;
  const FieldLayout& layout_;
  std::string where_;
  std::vector<std::string> notes_;
  std::string path_;
  bool creates_;
  std::string out_;
};

}  // namespace

std::string padded(std::string text, std::size_t columns) {
  std::size_t used = utf8::count(text);
  if (used < columns) text.append(columns - used, ' ');
  return text;
}

std::string painted(std::string_view code, const std::string& text, Color color) {
  return color == Color::off ? text : fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string secret_text(const FieldChange& field, bool created) {
  std::string text = created ? "(secret)" : "(secret, changed)";
  return field.secret_tag == 0 ? text : fmt::format("{} #{}", text, field.secret_tag);
}

std::string field_text(const Change& change, const FieldChange& field, const FieldLayout& layout) {
  return FieldWriter(change, field, layout).write();
}

}  // namespace carbon
