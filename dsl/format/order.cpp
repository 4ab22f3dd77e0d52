#include "dsl/format/order.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "dsl/syntax/literal.h"

namespace carbon::layout {

namespace {

/// The settings of a declaration in their order; `|` is where its fields stand.
struct Order {
  NodeKind declaration;
  std::string_view words;
};
constexpr Order orders[] = {
    {NodeKind::platform, " world inventory requires | "},
    {NodeKind::environment, " world inventory cluster endpoint | patch "},
    {NodeKind::provider, " served_by reach | "},
    {NodeKind::resource, " after protect ignore replace timeout using adopt retry keep | "},
    {NodeKind::lookup, " using timeout retry | "},
    {NodeKind::use, " after | "},
    {NodeKind::policy, " check | "},
    {NodeKind::test, " environment given mock expect | "},
    {NodeKind::type_via,
     " provider identity assigned database base header ready failed exclusive data_bearing one_way disrupts "
     "api scope "
     "check"
     " | read create update delete list "},
};

std::optional<std::size_t> rank(NodeKind declaration, std::string_view word) {
  const auto* order = std::find_if(std::begin(orders), std::end(orders), [declaration](const Order& row) {
    return row.declaration == declaration;
  });
  if (order == std::end(orders)) return std::nullopt;
  std::string wanted = ' ' + std::string(word) + ' ';
  std::size_t at = order->words.find(wanted);
  return at == std::string_view::npos ? std::nullopt : std::optional(at);
}

/// Whether a blank line stands above the entry and its comments.
bool& blank_above(Entry& entry) {
  return entry.above.empty() ? entry.blank_before : entry.above.front().blank_before;
}

bool has_unknown_setting(NodeKind declaration, const Sequence& body) {
  return std::any_of(body.entries.begin(), body.entries.end(), [declaration](const Entry& entry) {
    return entry.node.is(NodeKind::setting) && !setting_rank(declaration, entry.node.word());
  });
}

using Entries = std::vector<Entry>::iterator;

/// A stretch without `let`.
void order_stretch(NodeKind declaration, Entries begin, Entries end) {
  struct Ranked {
    std::size_t rank;
    std::ptrdiff_t written;
    Entry entry;
  };
  std::vector<Ranked> ranked;
  for (Entries each = begin; each != end; ++each) {
    std::string_view word = each->node.is(NodeKind::setting) ? each->node.word() : "|";
    ranked.push_back({rank(declaration, word).value_or(0), each - begin, std::move(*each)});
  }
  std::stable_sort(ranked.begin(), ranked.end(),
                   [](const Ranked& a, const Ranked& b) { return a.rank < b.rank; });
  for (std::ptrdiff_t i = 0; i < end - begin; ++i) {
    Ranked& each = ranked[static_cast<std::size_t>(i)];
    // A blank line above something that moved up set it apart from what is no longer there.
    if (i < each.written) blank_above(each.entry) = false;
    begin[i] = std::move(each.entry);
  }
}

enum class ImportClass : std::uint8_t { standard, package, schema, data };

ImportClass class_of(NodeRef import, std::string_view path) {
  if (import.child(NodeKind::schema_keyword)) return ImportClass::schema;
  if (import.type()) return ImportClass::data;
  return path.starts_with("std/") ? ImportClass::standard : ImportClass::package;
}

auto import_key(const Entry& entry) {
  std::string path = constant_string(entry.node.child(NodeKind::string)).value_or("");
  ImportClass where = class_of(entry.node, path);
  return std::tuple(where, std::move(path), entry.node.word());
}

/// Docs right above the import are its own; the comments before them are the file's.
std::vector<OwnLineComment> take_header(Entry& first) {
  auto own = first.above.end();
  while (own != first.above.begin() && !first.blank_before &&
         std::prev(own)->comment.is(NodeKind::doc_comment)) {
    --own;
    if (own->blank_before) break;
  }
  std::vector<OwnLineComment> header(std::make_move_iterator(first.above.begin()),
                                     std::make_move_iterator(own));
  first.above.erase(first.above.begin(), own);
  return header;
}

}  // namespace

std::optional<std::size_t> setting_rank(NodeKind declaration, std::string_view word) {
  return word == "|" ? std::nullopt : rank(declaration, word);
}

void order_body(NodeKind declaration, Sequence& body) {
  if (!rank(declaration, "|") || has_unknown_setting(declaration, body)) return;
  auto is_let = [](const Entry& entry) { return entry.node.is(NodeKind::item_let); };
  auto begin = body.entries.begin();
  while (begin != body.entries.end()) {
    auto end = std::find_if(begin, body.entries.end(), is_let);
    order_stretch(declaration, begin, end);
    begin = end == body.entries.end() ? end : std::next(end);
  }
}

void order_imports(Sequence& file) {
  auto is_import = [](const Entry& entry) { return entry.node.is(NodeKind::import); };
  auto begin = std::find_if(file.entries.begin(), file.entries.end(), is_import);
  while (begin != file.entries.end()) {
    auto end = std::find_if_not(begin, file.entries.end(), is_import);
    if (begin == file.entries.begin()) file.header = take_header(*begin);
    // The blank line above the run stays where it is, whichever import comes first.
    bool blank = std::exchange(blank_above(*begin), false);
    std::stable_sort(begin, end,
                     [](const Entry& a, const Entry& b) { return import_key(a) < import_key(b); });
    blank_above(*begin) = blank;
    begin = std::find_if(end, file.entries.end(), is_import);
  }
}

}  // namespace carbon::layout
