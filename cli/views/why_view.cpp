#include "cli/views/why_view.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/diagnostic_text.h"
#include "base/value_document.h"
#include "base/value_json.h"
#include "base/value_text.h"
#include "engine/model/typed_path.h"
#include "engine/plan/diff.h"
#include "engine/plan/live_view.h"

namespace carbon {

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

constexpr const char* why_format = "1.0";
constexpr std::size_t value_width = 60;

const Type& json_type() {
  static const Type type{};
  return type;
}

/// Gathers the leaves: what has no fields and is no list of items that have names.
class Leaves {
 public:
  Leaves(const Resource& resource, const FieldPath& beneath, const LiveObject* live)
      : resource_(resource), beneath_(beneath), live_(live) {
    if (live_ != nullptr) view_ = live_view(*resource.type, live_->object, resource.desired);
  }

  std::vector<WhyField> gather() {
    walk(resource_.desired, *resource_.type->schema, false);
    return std::move(found_);
  }

 private:
  void walk(const Value& value, const Type& outer, bool secret) {
    const Type& type = plain_type(outer);
    secret = secret || outer.kind == TypeKind::secret ||
             (outer.kind == TypeKind::optional && outer.element->kind == TypeKind::secret);
    bool items = value.is_sequence() && !value.items().empty() && value.items().front().is_fields();
    if (value.is_fields() && !value.entries().empty()) {
      for (const Entry& entry : value.entries()) {
        FieldStep step = FieldStep::field(std::string(entry.key.text()));
        const FieldType* declared = type.field(step.name);
        bool hidden = declared != nullptr && (has(declared->flags, FieldFlag::sensitive) ||
                                              has(declared->flags, FieldFlag::write_only));
        below(std::move(step), entry.value, type, secret || hidden);
      }
    } else if (items) {
      for (std::size_t i = 0; i < value.items().size(); ++i)
        below(item_step(type, value.items()[i], i), value.items()[i], type, secret);
    } else {
      leaf(value, secret);
    }
  }

  void below(FieldStep step, const Value& value, const Type& type, bool secret) {
    TypePtr inner = step_type(type, step);
    path_.steps.push_back(std::move(step));
    bool inside = within();
    if (inside) walk(value, inner == nullptr ? json_type() : *inner, secret);
    path_.steps.pop_back();
  }

  /// Whether the path leads to what was asked for, or lies beneath it.
  [[nodiscard]] bool within() const {
    std::size_t shared = std::min(path_.steps.size(), beneath_.steps.size());
    return std::equal(path_.steps.begin(), path_.steps.begin() + static_cast<std::ptrdiff_t>(shared),
                      beneath_.steps.begin());
  }

  void leaf(const Value& value, bool secret) {
    if (path_.steps.size() < beneath_.steps.size()) return;
    WhyField made;
    made.path = path_.text();
    made.value = secret ? "(secret)" : value_text(value, value_width);
    made.origin = value.origin();
    if (live_ != nullptr) {
      const Value* there = find_at(view_, *resource_.type->schema, path_);
      if (there != nullptr && !there->is_null())
        made.live = secret ? "(secret)" : value_text(*there, value_width);
      made.writer = writer();
    }
    found_.push_back(std::move(made));
  }

  [[nodiscard]] std::string writer() const {
    std::string names;
    if (live_->managed && covers(*live_->managed, path_)) names = "carbon";
    for (const ForeignWriter& other : live_->writers) {
      if (!covers(other.fields, path_)) continue;
      names += fmt::format("{}{}{}{}", names.empty() ? "" : ", ", other.manager,
                           other.time.empty() ? "" : " at ", other.time);
    }
    return names;
  }

  const Resource& resource_;
  const FieldPath& beneath_;
  const LiveObject* live_;
  Value view_;
  FieldPath path_;
  std::vector<WhyField> found_;
};

std::string place(std::string_view file, std::uint32_t line) {
  return file.empty() ? std::string() : fmt::format("{}:{}", visible(file), line);
}

/// One field, with the line that gave its value: what a question for one field is about.
std::string one_field(const WhyField& field, bool read) {
  std::string out = fmt::format("  {} = {}\n", visible(field.path), field.value);
  if (!field.file.empty())
    out += fmt::format("    written in {}:  {}\n", place(field.file, field.line), visible(field.source));
  if (!read) return out;
  out += fmt::format("    live {}", field.live.empty() ? "(not there)" : field.live);
  if (!field.writer.empty()) out += fmt::format("   written by {}", visible(field.writer));
  return out + "\n";
}

std::string names(std::string_view what, const std::vector<std::string>& addresses, std::size_t width) {
  constexpr std::string_view indent = "          ";
  std::string out = fmt::format("{:<{}}", what, indent.size());
  std::size_t used = indent.size();
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    std::string name = visible(addresses[i]) + (i + 1 < addresses.size() ? "," : "");
    if (used != indent.size() && used + name.size() + 1 > width) {
      out += fmt::format("\n{}", indent);
      used = indent.size();
    }
    if (used != indent.size()) out += " ";
    out += name;
    used += name.size() + 1;
  }
  return out + "\n";
}

}  // namespace

std::vector<WhyField> why_fields(const Resource& resource, const FieldPath& beneath, const LiveObject* live) {
  return Leaves(resource, beneath, live).gather();
}

std::string why_text(const Why& why, std::size_t width) {
  std::string out =
      fmt::format("{}  {}  {}\n", visible(why.address), visible(why.type), place(why.file, why.line));
  bool read = why.not_read.empty() && !why.absent;
  if (!why.field.empty()) {
    for (const WhyField& one : why.fields) out += one_field(one, read);
  } else {
    std::size_t path = 0;
    std::size_t value = 0;
    for (const WhyField& one : why.fields) {
      path = std::max(path, one.path.size());
      value = std::max(value, one.value.size());
    }
    for (const WhyField& one : why.fields) {
      bool differs = read && one.live != one.value && !one.live.empty();
      out += fmt::format("  {:<{}}  {:<{}}  {}{}\n", visible(one.path), path, one.value, value,
                         place(one.file, one.line), differs ? fmt::format("   live {}", one.live) : "");
    }
  }
  if (!why.needs.empty()) out += names("needs", why.needs, width);
  if (!why.needed_by.empty()) out += names("needed by", why.needed_by, width);
  if (why.absent) out += "It does not exist yet.\n";
  if (!why.not_read.empty())
    out += fmt::format("Its live state could not be read: {}\n", visible(why.not_read));
  return out;
}

std::string why_json(const Why& why) {
  auto row = [](const WhyField& one) {
    return Value::record({field("path", text(one.path)), field("value", text(one.value)),
                          field("file", text(one.file)), field("line", number(one.line)),
                          field("source", text(one.source)), field("live", text(one.live)),
                          field("writer", text(one.writer))});
  };
  Value made = Value::record({
      field("format_version", text(why_format)),
      field("address", text(why.address)),
      field("type", text(why.type)),
      field("file", text(why.file)),
      field("line", number(why.line)),
      field("live", text(why.absent             ? "absent"
                         : why.not_read.empty() ? "present"
                                                : "unknown")),
      field("fields", list(why.fields, row)),
      field("needs", list(why.needs, text)),
      field("needed_by", list(why.needed_by, text)),
  });
  return to_json(made, JsonStyle::indented) + "\n";
}

}  // namespace carbon
