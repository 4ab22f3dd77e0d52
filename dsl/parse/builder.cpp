#include "dsl/parse/builder.h"

#include <algorithm>

#include "dsl/parse/scan.h"

namespace carbon {

namespace {

/// The character that closes an open node of this kind, or '\0' when it is closed by nothing.
char closer(NodeKind kind) {
  switch (category(kind)) {
    case NodeCategory::root:
    case NodeCategory::declaration:
    case NodeCategory::trivia: return '\0';
    case NodeCategory::part:
    case NodeCategory::item:
    case NodeCategory::expression:
    case NodeCategory::type: break;
  }
  static constexpr struct {
    NodeKind kind;
    char closer;
  } closers[] = {
      {NodeKind::component_body, '}'}, {NodeKind::body, '}'},
      {NodeKind::record_type, '}'},    {NodeKind::interpolation, '}'},
      {NodeKind::list, ']'},           {NodeKind::list_comprehension, ']'},
      {NodeKind::index, ']'},          {NodeKind::computed_key_field, ']'},
      {NodeKind::paren, ')'},          {NodeKind::call, ')'},
      {NodeKind::facets, ')'},         {NodeKind::parameters, ')'},
      {NodeKind::string, '"'},         {NodeKind::multiline, '"'},
      {NodeKind::raw_string, '\''},    {NodeKind::raw_multiline, '\''},
      {NodeKind::type_arguments, '>'},
  };
  const auto* found =
      std::find_if(std::begin(closers), std::end(closers), [&](const auto& row) { return row.kind == kind; });
  return found == std::end(closers) ? '\0' : found->closer;
}

bool closes_quote(Expected expected) {
  return expected >= Expected::close_quote && expected <= Expected::close_raw_multiline;
}

bool is_quote(char c) { return c == '"' || c == '\''; }

}  // namespace

TreeBuilder::TreeBuilder(std::string_view text, std::uint32_t base) : text_(text), base_(base) {
  nodes_.reserve(text.size() / 4 + 16);
}

void TreeBuilder::wrap(NodeKind kind, State since, const char* begin, const char* end) {
  auto size = static_cast<std::uint32_t>(nodes_.size() - since.nodes + 1);
  auto at = nodes_.begin() + static_cast<std::ptrdiff_t>(since.nodes);
  nodes_.insert(at, {place(begin), place(end), size, kind});
}

std::string_view TreeBuilder::last_text() const {
  const SyntaxNode& last = nodes_.back();
  return text_.substr(last.begin - base_, last.end - last.begin);
}

AwaitedClosers TreeBuilder::awaited() const {
  AwaitedClosers awaited;
  for (std::uint32_t index : open_) {
    char c = closer(nodes_[index].kind);
    awaited.round |= c == ')';
    awaited.square |= c == ']';
    awaited.curly |= c == '}';
  }
  return awaited;
}

Fault TreeBuilder::explain(Expected expected, std::uint32_t offset) const {
  Fault fault;
  fault.expected = expected;
  fault.offset = offset;
  auto innermost = std::find_if(open_.rbegin(), open_.rend(),
                                [this](std::uint32_t index) { return closer(nodes_[index].kind) != '\0'; });
  if (innermost == open_.rend()) return fault;
  fault.opener = nodes_[*innermost].begin - base_;
  char wanted = closer(nodes_[*innermost].kind);
  if (is_quote(wanted) || where(expected) == ExpectedWhere::same_line) {
    fault.unclosed =
        is_quote(wanted) && expected >= Expected::close_quote && expected <= Expected::close_raw_multiline;
    return fault;
  }
  const char* at = text_.data() + offset;
  at += scan::blanks(at, text_.data() + text_.size());
  if (stops(offset)) {
    fault.unclosed = true;
  } else if (*at == ')' || *at == ']' || *at == '}') {
    // Unclosed only if somebody further out waits for this closer; otherwise the closer is a stray one.
    fault.unclosed = *at != wanted && std::any_of(open_.begin(), open_.end(), [&](std::uint32_t index) {
      return closer(nodes_[index].kind) == *at;
    });
  }
  return fault;
}

bool TreeBuilder::stops(std::uint32_t offset) const {
  const char* at = text_.data() + offset;
  const char* end = text_.data() + text_.size();
  at += scan::blanks(at, end);
  return at == end || scan::before_declaration(at, end);
}

/// Brackets around a failure fail at the same place; one cause is one error. But a line that lacks something
/// and then the file's end are two.
bool TreeBuilder::is_repeated(const Fault& fault) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& earlier) {
    return earlier.offset == fault.offset && (earlier.unclosed || !fault.unclosed);
  });
}

/// Whether the line of an earlier fault opens more brackets than it closes, as far as one can tell without
/// reading it as code.
bool TreeBuilder::line_opens(std::uint32_t offset) const {
  std::size_t begin = text_.rfind('\n', offset == 0 ? 0 : offset - 1) + 1;  // 0 when there is none
  std::string_view line = text_.substr(begin, text_.find('\n', offset) - begin);
  auto count = [&](std::string_view which) {
    return std::count_if(line.begin(), line.end(), [&](char c) { return which.find(c) != which.npos; });
  };
  return count("([{") > count(")]}");
}

/// Whether a declaration begins in column 0 between two places: what is behind it has causes of its own.
bool TreeBuilder::separated(std::uint32_t from, std::uint32_t to) const {
  const char* end = text_.data() + to;
  for (const char* at = text_.data() + from; at != end; ++at) {
    if (*at == '\n' && scan::before_declaration(at, text_.data() + text_.size())) return true;
  }
  return false;
}

/// What only fails because something before it did: the user would be told of one cause twice.
bool TreeBuilder::is_consequence(const Fault& fault) const {
  if (faults_.empty()) return false;
  // A bracket around text that took the closer for itself.
  if (fault.unclosed) {
    bool skipped = unbalanced_ != Fault::nowhere && fault.opener < unbalanced_;
    return skipped || std::any_of(faults_.begin(), faults_.end(), [&](const Fault& earlier) {
             return earlier.offset > fault.opener && earlier.offset < fault.offset && !earlier.unclosed &&
                    line_opens(earlier.offset);
           });
  }
  std::uint32_t last = faults_.back().offset;
  if (last >= fault.offset) return false;
  // The closer that was missing before the declaration that ended its bracket.
  if (fault.expected == Expected::declaration && text_[fault.offset] == '}' && open_.size() == 1) {
    auto unclosed = [](const Fault& earlier) { return earlier.unclosed; };
    if (std::any_of(faults_.begin(), faults_.end(), unclosed)) return true;
  }
  bool same_line = text_.substr(last, fault.offset - last).find('\n') == std::string_view::npos;
  bool ends = fault.expected == Expected::item_end || fault.expected == Expected::declaration_end ||
              fault.expected == Expected::item || fault.expected == Expected::close_curly;
  if (same_line && ends) return true;
  // At the root: the rest of a body whose beginning was lost. What is in column 0 is meant as a declaration.
  bool inside = open_.size() > 1;
  bool at_root = inside ? fault.expected != Expected::declaration : fault.expected == Expected::declaration;
  std::uint32_t begin = inside ? nodes_[open_[1]].begin - base_ : fault.offset;
  bool column_0 = begin == 0 || text_[begin - 1] == '\n';
  if (!at_root || begin < last || separated(last, begin)) return false;
  return !column_0 || (!inside && !scan::starts_word(text_[begin]));
}

void TreeBuilder::raise(Expected expected, const char* at) {
  Fault fault = explain(expected, static_cast<std::uint32_t>(at - text_.data()));
  // Quotes that are never closed reach the file's end, too, but what follows them is mostly no text.
  stopped_at_ = !closes_quote(expected) && stops(fault.offset) ? at : nullptr;
  if (!is_repeated(fault) && !is_consequence(fault)) {
    if (faults_.size() == max_syntax_errors) throw GiveUpFile{};
    faults_.push_back(fault);
  }
  throw GiveUpItem{};
}

void TreeBuilder::raise_at_last(Expected expected) {
  raise(expected, text_.data() + (nodes_.back().begin - base_));
}

void TreeBuilder::abandon() {
  // open_[0] is the file, open_[1] the declaration that was being read.
  auto keep = static_cast<std::uint32_t>(nodes_.size());
  std::uint32_t begin = base_;
  if (open_.size() > 1) {
    keep = open_[1];
    begin = nodes_[keep].begin;
  } else {
    // Between declarations: behind the last complete one.
    for (std::uint32_t i = 1; i < keep; i += nodes_[i].size) begin = nodes_[i].end;
  }
  auto end = static_cast<std::uint32_t>(base_ + text_.size());
  nodes_.resize(keep);
  nodes_.push_back({begin, end, 1, NodeKind::skipped});
  nodes_[0].end = end;
  nodes_[0].size = static_cast<std::uint32_t>(nodes_.size());
}

}  // namespace carbon
