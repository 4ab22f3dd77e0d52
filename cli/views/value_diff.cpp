#include "cli/views/value_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "base/value_text.h"
#include "cli/views/line_edits.h"
#include "platform/yaml/yaml.h"

namespace carbon {

namespace {

constexpr std::size_t lines_around = 2;
/// Texts of this size and more are compared by lines at once: reading them as data would take longer than
/// their worth.
constexpr std::size_t largest_document = std::size_t{1} << 20;
/// What names an item of a list for people; the first that every item has, and no two alike, is taken.
constexpr std::array<std::string_view, 6> item_names{"name", "id", "uid", "key", "title", "alert"};

bool is_container(const Value& value) { return value.is_fields() || value.is_sequence(); }

/// A step into a member, as paths are written: `.name`, `["odd name"]`.
std::string member_step(std::string_view name, bool first) {
  bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  });
  if (!plain) return "[" + json_quote(name) + "]";
  return first ? std::string(name) : "." + std::string(name);
}

/// The member that names every item of a list, if one does.
std::optional<std::string_view> naming_member(const Value& list) {
  for (std::string_view name : item_names) {
    std::set<std::string_view> seen;
    bool names_all = std::all_of(list.items().begin(), list.items().end(), [&](const Value& item) {
      const Value* found = item.is_fields() ? item.find(name) : nullptr;
      return found != nullptr && found->is_string() && seen.insert(found->text()).second;
    });
    if (names_all) return name;
  }
  return std::nullopt;
}

/// Walks two values side by side and writes a line for each member that differs.
class StructureDiff {
 public:
  explicit StructureDiff(std::size_t width) : width_(width) {}

  void compare_values(const std::string& path, const Value& before, const Value& after) {
    if (before == after) return;
    if (before.is_fields() && after.is_fields()) {
      fields(path, before, after);
    } else if (before.is_sequence() && after.is_sequence()) {
      sequences(path, before, after);
    } else {
      // Each side half of what the path leaves.
      std::size_t room =
          std::max<std::size_t>(width_ > path.size() + 8 ? width_ - path.size() - 8 : 0, 32) / 2;
      add('~', path, value_text(before, room) + " -> " + value_text(after, room));
    }
  }

  std::vector<DiffLine> lines;

 private:
  void add(char sign, const std::string& path, const std::string& text) {
    lines.push_back({sign, visible_line(path) + (path.empty() ? "" : "   ") + text});
  }
  void one_sided(char sign, const std::string& path, const Value& value) {
    add(sign, path,
        value_text(value,
                   std::max<std::size_t>(width_ > path.size() + 4 ? width_ - path.size() - 4 : 0, 40)));
  }

  void fields(const std::string& path, const Value& before, const Value& after) {
    // Names in the order of the wanted value, then what is only live.
    for (const Entry& entry : after.entries()) {
      std::string inner = path + member_step(entry.key.text(), path.empty());
      const Value* former = before.find(entry.key.text());
      if (former == nullptr) {
        one_sided('+', inner, entry.value);
      } else {
        compare_values(inner, *former, entry.value);
      }
    }
    for (const Entry& entry : before.entries()) {
      if (after.find(entry.key.text()) == nullptr)
        one_sided('-', path + member_step(entry.key.text(), path.empty()), entry.value);
    }
  }

  void sequences(const std::string& path, const Value& before, const Value& after) {
    auto name = naming_member(before);
    if (name && name == naming_member(after) && !before.items().empty() && !after.items().empty()) {
      named_items(path, *name, before, after);
    } else {
      other_items(path, before, after);
    }
  }

  void named_items(const std::string& path, std::string_view name, const Value& before, const Value& after) {
    std::map<std::string_view, const Value*> former;
    std::vector<std::string_view> old_order;
    std::vector<std::string_view> new_order;
    for (const Value& item : before.items()) former.emplace(item.find(name)->text(), &item);
    for (const Value& item : after.items()) {
      std::string_view key = item.find(name)->text();
      std::string inner = path + "[" + json_quote(key) + "]";
      auto found = former.find(key);
      if (found == former.end()) {
        one_sided('+', inner, item);
        continue;
      }
      new_order.push_back(key);
      compare_values(inner, *found->second, item);
    }
    std::set<std::string_view> kept(new_order.begin(), new_order.end());
    for (const Value& item : before.items()) {
      std::string_view key = item.find(name)->text();
      if (kept.contains(key)) {
        old_order.push_back(key);
      } else {
        one_sided('-', path + "[" + json_quote(key) + "]", item);
      }
    }
    if (old_order != new_order)
      add('~', path, fmt::format("order: {} -> {}", fmt::join(old_order, ", "), fmt::join(new_order, ", ")));
  }

  /// By what stayed: an item that went and one that came at the same place are one that changed.
  void other_items(const std::string& path, const Value& before, const Value& after) {
    std::vector<std::string> texts;
    texts.reserve(before.items().size() + after.items().size());
    auto encode = [&](const Value& list) {
      std::vector<std::string_view> encoded;
      for (const Value& item : list.items()) encoded.push_back(texts.emplace_back(encode_value(item)));
      return encoded;
    };
    std::vector<std::string_view> old_lines = encode(before);
    std::vector<std::string_view> new_lines = encode(after);
    std::size_t old_at = 0;
    std::size_t new_at = 0;
    std::vector<std::size_t> gone;
    std::vector<std::size_t> come;
    auto settle = [&] {
      items_between(path, before, after, gone, come);
      gone.clear();
      come.clear();
    };
    for (const LineEdit& edit : line_edits(old_lines, new_lines)) {
      if (edit.sign == ' ') settle();
      if (edit.sign == '-') gone.push_back(old_at);
      if (edit.sign == '+') come.push_back(new_at);
      if (edit.sign != '+') ++old_at;
      if (edit.sign != '-') ++new_at;
    }
    settle();
  }

  void items_between(const std::string& path, const Value& before, const Value& after,
                     const std::vector<std::size_t>& gone, const std::vector<std::size_t>& come) {
    std::size_t pairs = 0;
    auto step = [&](std::size_t index) { return fmt::format("{}[{}]", path, index); };
    for (; pairs < std::min(gone.size(), come.size()); ++pairs) {
      const Value& old_item = before.items()[gone[pairs]];
      const Value& new_item = after.items()[come[pairs]];
      if (!is_container(old_item) || !is_container(new_item)) break;
      compare_values(step(come[pairs]), old_item, new_item);
    }
    for (std::size_t i = pairs; i < gone.size(); ++i) one_sided('-', step(gone[i]), before.items()[gone[i]]);
    for (std::size_t i = pairs; i < come.size(); ++i) one_sided('+', step(come[i]), after.items()[come[i]]);
  }

  std::size_t width_;
};

/// The text without its line end, cut to a width, safe for a terminal.
std::string shown_line(std::string_view line, std::size_t width) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  // Four bytes a column at most: what is behind that cannot be shown.
  return utf8::cut(visible_line(line.substr(0, width * 4)), width);
}

std::string equal_lines(std::size_t number) {
  return fmt::format("{} equal line{}", number, number == 1 ? "" : "s");
}

ValueDiff line_diff(std::string_view before, std::string_view after, std::size_t width) {
  ValueDiff out;
  out.language = "text";
  std::vector<LineEdit> edits = line_edits(lines_of(before), lines_of(after));
  std::size_t kept = 0;      // equal lines since the last change
  std::size_t left_out = 0;  // of them, those too far behind it
  bool changed = false;
  std::vector<DiffLine> waiting;  // the last equal lines, for the next change
  for (const LineEdit& edit : edits) {
    if (edit.sign != ' ') {
      if (left_out > 0) out.lines.push_back({'@', equal_lines(left_out)});
      for (DiffLine& line : waiting) out.lines.push_back(std::move(line));
      waiting.clear();
      kept = left_out = 0;
      changed = true;
      ++out.changes;
      out.lines.push_back({edit.sign, shown_line(edit.line, width)});
      continue;
    }
    ++kept;
    if (changed && kept <= lines_around) {
      out.lines.push_back({' ', shown_line(edit.line, width)});
      continue;
    }
    waiting.push_back({' ', shown_line(edit.line, width)});
    if (waiting.size() > lines_around) {
      waiting.erase(waiting.begin());
      ++left_out;
    }
  }
  left_out += waiting.size();
  if (left_out > 0) out.lines.push_back({'@', equal_lines(left_out)});
  return out;
}

std::optional<ValueDiff> structure_diff(const Value& before, const Value& after, std::string_view language,
                                        std::size_t width) {
  StructureDiff diff(width);
  diff.compare_values("", before, after);
  // Only how it is written differs: spaces, order, comments. The lines show that.
  if (diff.lines.empty()) return std::nullopt;
  ValueDiff out;
  out.language = language;
  out.changes = diff.lines.size();
  out.lines = std::move(diff.lines);
  return out;
}

/// What a text says, where it is a JSON object or list, or YAML of several lines that is one.
std::optional<std::pair<Value, std::string_view>> document_in(std::string_view text) {
  if (text.size() > largest_document) return std::nullopt;
  std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return std::nullopt;
  if (text[first] == '{' || text[first] == '[') {
    if (Result<Value> json = parse_json(text); json && is_container(*json)) return {{*json, "json"}};
  }
  if (text.find('\n') == std::string_view::npos || text.find(':') == std::string_view::npos)
    return std::nullopt;
  if (Result<Value> yaml = parse_yaml(text); yaml && is_container(*yaml)) return {{*yaml, "yaml"}};
  return std::nullopt;
}

}  // namespace

std::optional<ValueDiff> value_diff(const Value& before, const Value& after, std::size_t width) {
  bool containers = is_container(before) && is_container(after);
  bool texts = before.is_string() && after.is_string();
  if (!containers && !texts) return std::nullopt;
  if (containers) {
    // What fits on a line is easier to read there.
    constexpr std::size_t small = 36;
    if (to_json(before).size() <= small && to_json(after).size() <= small) return std::nullopt;
    return structure_diff(before, after, "", width);
  }
  bool lines =
      before.text().find('\n') != std::string_view::npos || after.text().find('\n') != std::string_view::npos;
  auto old_document = document_in(before.text());
  auto new_document = document_in(after.text());
  if (old_document && new_document && old_document->second == new_document->second) {
    auto found = structure_diff(old_document->first, new_document->first, old_document->second, width);
    if (found) return found;
  }
  if (!lines) return std::nullopt;
  return line_diff(before.text(), after.text(), width);
}

std::string differences_text(const ValueDiff& diff) {
  std::string_view what = diff.language == "text" ? "line" : "difference";
  return fmt::format("{}{}{} {}{}", diff.language, diff.language.empty() ? "" : ", ", diff.changes, what,
                     diff.changes == 1 ? "" : "s");
}

}  // namespace carbon
