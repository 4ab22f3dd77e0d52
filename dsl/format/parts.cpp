// Declarations, items and clauses whose children follow each other on one line: what stands before each child
// is a table, and its interpreter prints them all.

#include <algorithm>
#include <array>
#include <cstdlib>

#include "dsl/format/printer.h"

namespace carbon::layout {

namespace {

/// A child and the texts around it. Slots are tried in order and take one child each, or any number.
struct Slot {
  enum class Takes : std::uint8_t { nothing, kind, type, expression, anything };
  Takes takes = Takes::nothing;
  std::string_view before;
  NodeKind kind = NodeKind::word;
  std::string_view behind = "";
  bool repeats = false;

  [[nodiscard]] bool fits(NodeRef child) const {
    switch (takes) {
      case Takes::nothing: return false;
      case Takes::kind: return child.is(kind);
      case Takes::type: return category(child.kind()) == NodeCategory::type;
      case Takes::expression: return category(child.kind()) == NodeCategory::expression;
      case Takes::anything: return true;
    }
    return false;
  }
};

constexpr Slot kind(NodeKind kind, std::string_view before) { return {Slot::Takes::kind, before, kind}; }
constexpr Slot word(std::string_view before) { return kind(NodeKind::word, before); }
constexpr Slot type(std::string_view before) { return {Slot::Takes::type, before}; }
constexpr Slot expression(std::string_view before) { return {Slot::Takes::expression, before}; }
constexpr Slot anything(std::string_view before) { return {Slot::Takes::anything, before}; }
constexpr Slot many(Slot slot) {
  slot.repeats = true;
  return slot;
}
constexpr Slot key_in_brackets() {
  Slot slot = expression("");
  slot.behind = "]";
  return slot;
}

struct Parts {
  NodeKind kind;
  std::string_view head;
  std::array<Slot, 4> slots;
  std::string_view tail = "";
};

constexpr Slot blanks_between = many(anything(" "));
constexpr std::array<Slot, 4> blanks = {blanks_between};
constexpr std::array<Slot, 4> instance = {word(" "), type(" : "), blanks_between};
constexpr std::array<Slot, 4> typed_value = {word(" "), type(" : "), expression(" = ")};

constexpr Parts parts_table[] = {
    // Declarations
    {NodeKind::platform, "platform", blanks},
    {NodeKind::import,
     "import",
     {kind(NodeKind::schema_keyword, " "), kind(NodeKind::string, " "), word(" as "), type(" : ")}},
    {NodeKind::let, "let", typed_value},
    {NodeKind::input, "input", typed_value},
    {NodeKind::output, "output", typed_value},
    {NodeKind::check, "check", blanks},
    {NodeKind::fn, "fn", {word(" "), kind(NodeKind::parameters, ""), type(" : "), expression(" = ")}},
    {NodeKind::type_alias, "type", {word(" "), type(" = ")}},
    {NodeKind::type_via, "type", {word(" "), kind(NodeKind::via_name, " via "), blanks_between}},
    {NodeKind::resource, "resource", instance},
    {NodeKind::lookup, "lookup", instance},
    {NodeKind::use, "use", instance},
    {NodeKind::provider, "provider", instance},
    {NodeKind::policy, "policy", instance},
    {NodeKind::component, "component", blanks},
    {NodeKind::environment, "environment", blanks},
    {NodeKind::test, "test", blanks},
    {NodeKind::moved, "moved", {expression(" "), expression(" -> ")}},
    {NodeKind::removed, "removed", blanks},
    // Parts of declarations and items
    {NodeKind::param, "", {word(""), type(" : ")}},
    {NodeKind::each_clause, "for", {word(" "), word(", "), expression(" in "), blanks_between}},
    {NodeKind::if_clause, "if", blanks},
    {NodeKind::by_clause, "by", blanks},
    {NodeKind::when_clause, "when", blanks},
    {NodeKind::for_clause, "for", blanks},
    {NodeKind::field_word, "", {many(anything(""))}},
    // Items
    {NodeKind::field, "", {word(""), expression(" = "), blanks_between}},
    {NodeKind::string_key_field, "", {expression(""), expression(" = "), blanks_between}},
    {NodeKind::computed_key_field, "[", {key_in_brackets(), expression(" = "), blanks_between}},
    {NodeKind::spread, "...", {expression(""), blanks_between}},
    {NodeKind::open_fields, "*", {type(" : ")}},
    {NodeKind::item_let, "let", typed_value},
    {NodeKind::typed_field,
     "",
     {word(""), type(" : "), many(kind(NodeKind::field_word, " ")), expression(" = ")}},
    {NodeKind::setting, "", {word(""), blanks_between}},
    // Parts of expressions
    {NodeKind::postfix, "", {many(anything(""))}},
    {NodeKind::member, ".", {word("")}},
    {NodeKind::safe_member, "?.", {word("")}},
    {NodeKind::element, "", {expression(""), blanks_between}},
    {NodeKind::spread_element, "...", {expression(""), blanks_between}},
    // Types
    {NodeKind::optional_type, "", {type("")}, "?"},
    {NodeKind::path_type, "", {word(""), many(word(".")), many(anything(""))}},
    {NodeKind::literal_type, "", {anything("")}},
    {NodeKind::type_arguments, "<", {type(""), many(type(", "))}, ">"},
};

const Parts& parts_of(NodeKind kind) {
  static const auto by_kind = [] {
    std::array<const Parts*, 256> out{};
    for (const Parts& row : parts_table) out[static_cast<std::size_t>(row.kind)] = &row;
    return out;
  }();
  const Parts* found = by_kind[static_cast<std::size_t>(kind)];
  if (found == nullptr) std::abort();  // a kind that the grammar has and neither table here
  return *found;
}

/// Goes through the slots along with the children.
class SlotCursor {
 public:
  explicit SlotCursor(const std::array<Slot, 4>& slots) : slots_(slots) {}

  const Slot& next(NodeRef child) {
    while (at_ != slots_.size() && !slots_[at_].fits(child)) ++at_;
    if (at_ == slots_.size()) std::abort();  // the table does not know what the grammar puts here
    const Slot& slot = slots_[at_];
    if (!slot.repeats) ++at_;
    return slot;
  }

 private:
  const std::array<Slot, 4>& slots_;
  std::size_t at_ = 0;
};

/// The child whose brackets break when all of the node is known not to fit: the last, but for its condition.
std::size_t breaking_child(const std::vector<NodeRef>& children) {
  std::size_t last = children.size() - 1;
  return children[last].is(NodeKind::if_clause) && last != 0 ? last - 1 : last;
}

}  // namespace

void Printer::parts(NodeRef node, Room room) { part_range(node, PartRange::all, room); }
void Printer::key(NodeRef node) { part_range(node, PartRange::key, {Spread::fitting}); }
void Printer::rest(NodeRef node, Room room) { part_range(node, PartRange::rest, room); }

void Printer::part_range(NodeRef node, PartRange range, Room room) {
  const Parts& parts = parts_of(node.kind());
  ChildRange range_of_children = node.children();
  std::vector<NodeRef> children(range_of_children.begin(), range_of_children.end());
  SlotCursor slots(parts.slots);
  if (range != PartRange::rest) writer_.write(parts.head);
  for (std::size_t i = 0; i < children.size() && !writer_.full(); ++i) {
    const Slot& slot = slots.next(children[i]);
    if (i == 0 ? range == PartRange::rest : range == PartRange::key) continue;
    writer_.write(slot.before);
    print(children[i], part_room(children, i, room));
    writer_.write(slot.behind);
  }
  if (range != PartRange::key) writer_.write(parts.tail);
}

Room Printer::part_room(const std::vector<NodeRef>& children, std::size_t i, Room room) {
  Room inner;
  bool breaks = room.spread != Spread::broken || i == breaking_child(children);
  inner.spread = breaks ? room.spread : Spread::fitting;
  if (i + 1 == children.size()) inner.after = room.after;
  bool conditional = i + 2 == children.size() && children[i + 1].is(NodeKind::if_clause);
  if (conditional && room.spread != Spread::flat) {
    inner.after = room.after + 1 + writer_.width([&] { print(children[i + 1], {Spread::flat}); });
  }
  return inner;
}

void Printer::argument(NodeRef node, Room room) {
  argument_name(node);
  print(node.value(), {room.spread, room.after});
}

void Printer::argument_name(NodeRef node) {
  NodeRef name = node.child(NodeKind::word);
  if (!name) return;
  // Facets of types are written tight: int(min=1). Everywhere else `=` has blanks.
  writer_.write(name.text());
  writer_.write(written_.parent(node) == NodeKind::facets ? "=" : " = ");
}

}  // namespace carbon::layout
