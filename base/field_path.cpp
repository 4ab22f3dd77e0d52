#include "base/field_path.h"

#include <algorithm>
#include <optional>

#include "base/value_json.h"

namespace carbon {

namespace {

std::optional<std::string_view> single(const FieldStep& step) {
  if (step.kind == FieldStep::Kind::name) return step.name;
  if (step.kind == FieldStep::Kind::key && step.key.size() == 1) return step.key.front();
  return std::nullopt;
}

}  // namespace

int compare(const FieldStep& a, const FieldStep& b) {
  // The text form cannot tell `data["a.b"]` from the item of a list with one key, and no node has both: they
  // are equal.
  if (auto left = single(a), right = single(b); left && right) return left->compare(*right);
  if (a.kind != b.kind) return a.kind < b.kind ? -1 : 1;
  switch (a.kind) {
    case FieldStep::Kind::name: return a.name.compare(b.name);
    case FieldStep::Kind::key: return a.key == b.key ? 0 : (a.key < b.key ? -1 : 1);
    case FieldStep::Kind::index: return a.index == b.index ? 0 : (a.index < b.index ? -1 : 1);
    case FieldStep::Kind::member: return compare(a.member, b.member);
  }
  return 0;
}

int compare(const FieldPath& a, const FieldPath& b) {
  for (std::size_t i = 0; i < std::min(a.steps.size(), b.steps.size()); ++i) {
    if (int order = compare(a.steps[i], b.steps[i]); order != 0) return order;
  }
  return a.steps.size() == b.steps.size() ? 0 : (a.steps.size() < b.steps.size() ? -1 : 1);
}

FieldPath FieldPath::then(FieldStep step) const {
  FieldPath longer = *this;
  longer.steps.push_back(std::move(step));
  return longer;
}

namespace {

bool plain_name(std::string_view name) {
  auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  if (name.empty() || !letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::string step_text(const FieldStep& step, bool first) {
  switch (step.kind) {
    case FieldStep::Kind::name:
      if (!plain_name(step.name)) return "[" + json_quote(step.name) + "]";
      return (first ? "" : ".") + step.name;
    case FieldStep::Kind::key: {
      std::string out = "[";
      for (const std::string& part : step.key) out += (out.size() > 1 ? "," : "") + json_quote(part);
      return out + "]";
    }
    case FieldStep::Kind::index: return "[" + std::to_string(step.index) + "]";
    case FieldStep::Kind::member: return "[=" + encode_value(step.member) + "]";
  }
  return "";
}

}  // namespace

std::string FieldPath::text() const {
  std::string out;
  for (const FieldStep& step : steps) out += step_text(step, out.empty());
  return out;
}

namespace {

/// Reads the text form back; a quoted name in brackets reads as a key, which is equal to it.
class PathReader {
 public:
  explicit PathReader(std::string_view text) : rest_(text) {}

  Result<FieldPath> read() {
    FieldPath path;
    while (!rest_.empty()) {
      if (rest_.front() == '[') {
        path.steps.push_back(CARBON_TRY(bracket()));
        continue;
      }
      if (rest_.front() == '.') rest_.remove_prefix(1);
      path.steps.push_back(CARBON_TRY(name()));
    }
    return path;
  }

 private:
  [[nodiscard]] tl::unexpected<Error> bad() const {
    return fail(DiagnosticCode::bad_usage, "not a field path, at `" + std::string(rest_) + "`");
  }

  Result<FieldStep> name() {
    std::size_t end = std::min(rest_.find_first_of(".["), rest_.size());
    if (!plain_name(rest_.substr(0, end))) return bad();
    FieldStep step = FieldStep::field(std::string(rest_.substr(0, end)));
    rest_.remove_prefix(end);
    return step;
  }

  /// Length of the JSON text inside the brackets, quotes respected.
  [[nodiscard]] std::size_t closing() const {
    bool quoted = false;
    std::size_t depth = 0;
    for (std::size_t i = 0; i < rest_.size(); ++i) {
      if (quoted) {
        if (rest_[i] == '\\')
          ++i;
        else if (rest_[i] == '"')
          quoted = false;
      } else if (rest_[i] == '"') {
        quoted = true;
      } else if (rest_[i] == '[') {
        ++depth;
      } else if (rest_[i] == ']' && --depth == 0) {
        return i;
      }
    }
    return std::string_view::npos;
  }

  Result<FieldStep> bracket() {
    std::size_t end = closing();
    if (end == std::string_view::npos) return bad();
    std::string_view inside = rest_.substr(1, end - 1);
    if (inside.starts_with('=')) {
      Value member = CARBON_TRY(decode_value(inside.substr(1)));
      rest_.remove_prefix(end + 1);
      return FieldStep::of(std::move(member));
    }
    Value list = CARBON_TRY(parse_json("[" + std::string(inside) + "]"));
    if (list.items().empty()) return bad();
    const Value& first = list.items().front();
    if (first.kind() == ValueKind::integer && first.as_int() >= 0) {
      rest_.remove_prefix(end + 1);
      return FieldStep::at(static_cast<std::size_t>(first.as_int()));
    }
    std::vector<std::string> key;
    for (const Value& part : list.items()) {
      if (!part.is_string()) return bad();
      key.emplace_back(part.text());
    }
    rest_.remove_prefix(end + 1);
    return FieldStep::keyed(std::move(key));
  }

  std::string_view rest_;
};

}  // namespace

Result<FieldPath> FieldPath::parse(std::string_view text) { return PathReader(text).read(); }

const FieldSet::Children& FieldSet::children() const {
  static const Children none;
  return children_ == nullptr ? none : *children_;
}

FieldSet& FieldSet::child(const FieldStep& step) {
  if (children_ == nullptr) {
    children_ = std::make_shared<Children>();
  } else if (children_.use_count() > 1) {
    children_ = std::make_shared<Children>(*children_);
  }
  return (*children_)[step];
}

void FieldSet::insert(const FieldPath& path) {
  FieldSet* at = this;
  for (const FieldStep& step : path.steps) at = &at->child(step);
  at->here_ = true;
}

const FieldSet* FieldSet::find(const FieldStep& step) const {
  auto found = children().find(step);
  return found == children().end() ? nullptr : &found->second;
}

bool FieldSet::contains(const FieldPath& path) const {
  const FieldSet* at = this;
  for (const FieldStep& step : path.steps) {
    at = at->find(step);
    if (at == nullptr) return false;
  }
  return at->here_;
}

namespace {

void collect(const FieldSet& set, FieldPath& prefix, std::vector<FieldPath>& out) {
  if (set.here()) out.push_back(prefix);
  for (const auto& [step, child] : set.children()) {
    prefix.steps.push_back(step);
    collect(child, prefix, out);
    prefix.steps.pop_back();
  }
}

}  // namespace

std::vector<FieldPath> FieldSet::paths() const {
  std::vector<FieldPath> out;
  FieldPath prefix;
  collect(*this, prefix, out);
  return out;
}

std::string FieldSet::encode() const {
  std::string out = "[";
  for (const FieldPath& path : paths()) out += (out.size() > 1 ? "," : "") + json_quote(path.text());
  return out + "]";
}

Result<FieldSet> FieldSet::decode(std::string_view text) {
  Value json = CARBON_TRY(parse_json(text));
  if (json.kind() != ValueKind::list)
    return fail(DiagnosticCode::inventory_damaged, "a field set is no list");
  FieldSet set;
  for (const Value& item : json.items()) {
    if (!item.is_string()) return fail(DiagnosticCode::inventory_damaged, "a field path is no string");
    set.insert(CARBON_TRY(FieldPath::parse(item.text())));
  }
  return set;
}

bool operator==(const FieldSet& a, const FieldSet& b) {
  bool shared = a.children_ == b.children_;
  return a.here_ == b.here_ && (shared || a.children() == b.children());
}

}  // namespace carbon
