#include "cli/views/graph_picture.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/spelling.h"
#include "cli/views/plan_graph.h"
#include "cli/views/plan_view.h"
#include "engine/graph/strong_components.h"

namespace carbon {

namespace {

constexpr std::string_view undeclared = "no longer declared";
using Chosen = std::vector<std::uint32_t>;  ///< indices of nodes or boxes

/// The component instances around an address: `outermost` of `a["x"].b.c` is `a["x"]`, `innermost` is
/// `a["x"].b`. Empty where there are none. A dot inside a key is no separator.
struct Around {
  std::string outermost;
  std::string innermost;
};

Around around(const Address& address) {
  std::size_t first = std::string::npos;
  std::size_t last = std::string::npos;
  bool in_key = false;
  for (std::size_t i = 0; i < address.size(); ++i) {
    if (in_key && address[i] == '\\') {
      ++i;
    } else if (address[i] == '"') {
      in_key = !in_key;
    } else if (address[i] == '.' && !in_key) {
      first = std::min(first, i);
      last = i;
    }
  }
  if (first == std::string::npos) return {};
  return {address.substr(0, first), address.substr(0, last)};
}

void follow(const std::vector<Chosen>& next, std::uint32_t start, std::vector<bool>& seen) {
  Chosen open{start};
  seen[start] = true;
  while (!open.empty()) {
    std::uint32_t at = open.back();
    open.pop_back();
    for (std::uint32_t to : next[at]) {
      if (seen[to]) continue;
      seen[to] = true;
      open.push_back(to);
    }
  }
}

Error nothing_at(const GraphNodes& nodes, const Address& address) {
  std::vector<std::string_view> names;
  bool changes = false;
  for (const GraphNode& node : nodes) {
    names.push_back(node.address);
    changes = changes || node.action.has_value();
  }
  Error error(DiagnosticCode::unknown_address,
              fmt::format("no {} has the address `{}`", changes ? "change" : "resource", address));
  std::string_view near = nearest(address, names);
  return near.empty() ? error : std::move(error).help(fmt::format("did you mean `{}`?", near));
}

Result<Chosen> choose(const GraphNodes& nodes, const Address& around) {
  Chosen all;
  for (std::uint32_t i = 0; i < nodes.size(); ++i) all.push_back(i);
  if (around.empty()) return all;
  auto center = std::ranges::find(nodes, around, &GraphNode::address);
  if (center == nodes.end()) return fail(nothing_at(nodes, around));
  std::vector<Chosen> before(nodes.size());
  std::vector<Chosen> behind(nodes.size());
  for (std::uint32_t i = 0; i < nodes.size(); ++i) {
    for (const GraphNode::Need& need : nodes[i].needs) {
      before[i].push_back(need.node);
      behind[need.node].push_back(i);
    }
  }
  std::vector<bool> needed(nodes.size());
  std::vector<bool> needing(nodes.size());
  auto at = static_cast<std::uint32_t>(center - nodes.begin());
  follow(before, at, needed);
  follow(behind, at, needing);
  std::erase_if(all, [&](std::uint32_t index) { return !needed[index] && !needing[index]; });
  return all;
}

/// Puts nodes into boxes.
class Painter {
 public:
  Painter(const GraphNodes& nodes, const GraphScope& scope, const Chosen& chosen)
      : nodes_(nodes), scope_(scope), chosen_(chosen) {}

  GraphPicture paint(GraphLevel level) {
    GraphPicture picture;
    picture.level = level;
    std::map<std::pair<std::string, std::string>, std::uint32_t> boxes;
    std::unordered_map<std::uint32_t, std::uint32_t> box_of;
    for (std::uint32_t index : chosen_) {
      GraphPicture::Box box = box_around(nodes_[index], level);
      auto [at, fresh] =
          boxes.emplace(std::pair(box.frame, box.title), static_cast<std::uint32_t>(picture.boxes.size()));
      if (fresh) picture.boxes.push_back(std::move(box));
      picture.boxes[at->second].nodes.push_back(index);
      box_of[index] = at->second;
    }
    for (GraphPicture::Box& box : picture.boxes) describe(box, level);
    add_arrows(picture, box_of);
    auto framed = [&](const GraphPicture::Box& box) { return box.frame == picture.boxes.front().frame; };
    // One frame around everything says nothing, unless it is a stage.
    if (!scope_.stages && std::all_of(picture.boxes.begin(), picture.boxes.end(), framed)) {
      for (GraphPicture::Box& box : picture.boxes) box.frame.clear();
    }
    return picture;
  }

 private:
  static std::string file_of(const GraphNode& node) {
    return node.file.empty() && node.action ? std::string(undeclared) : node.file;
  }

  GraphPicture::Box box_around(const GraphNode& node, GraphLevel level) const {
    auto [outermost, innermost] = around(node.address);
    GraphPicture::Box box;
    if (level == GraphLevel::files) {
      // What a component makes belongs to the file that uses it.
      box.title = file_of(node);
    } else if (level == GraphLevel::components && !outermost.empty()) {
      box.title = outermost;
    } else {
      box.title = node.address;
      box.note = node.type;
      box.frame = innermost.empty() ? file_of(node) : innermost;
    }
    if (scope_.stages) box.frame = node.stage == 0 ? "Delete" : fmt::format("Stage {}", node.stage);
    return box;
  }

  /// What a box stands for. One of a component's single resource is that resource.
  void describe(GraphPicture::Box& box, GraphLevel level) const {
    std::vector<Action> actions;
    for (std::uint32_t index : box.nodes) {
      if (nodes_[index].action) actions.push_back(*nodes_[index].action);
    }
    if (!actions.empty()) box.worst = worst_of(actions);
    const GraphNode& only = nodes_[box.nodes.front()];
    if (box.note.empty() && box.nodes.size() == 1 && level != GraphLevel::files) {
      box.title = only.address;
      box.note = only.type;
    }
    if (!box.note.empty()) return;
    box.note = actions.empty() ? counted(box.nodes.size(), "resource") : action_counts(actions);
  }

  void add_arrows(GraphPicture& picture,
                  const std::unordered_map<std::uint32_t, std::uint32_t>& box_of) const {
    std::map<std::pair<std::uint32_t, std::uint32_t>, GraphPicture::Arrow> arrows;
    for (std::uint32_t index : chosen_) {
      for (const GraphNode::Need& need : nodes_[index].needs) {
        auto needed = box_of.find(need.node);
        if (needed == box_of.end() || needed->second == box_of.at(index)) continue;
        std::pair key(needed->second, box_of.at(index));
        auto [at, fresh] = arrows.emplace(key, GraphPicture::Arrow{key.first, key.second, 0, true});
        ++at->second.count;
        at->second.only_order = at->second.only_order && need.reason == EdgeReason::after;
      }
    }
    for (const auto& [ends, arrow] : arrows) picture.arrows.push_back(arrow);
  }

  const GraphNodes& nodes_;
  const GraphScope& scope_;
  const Chosen& chosen_;
};

using Ends = std::pair<std::uint32_t, std::uint32_t>;

/// Boxes that are in a circle, as files may be, count as one: the first of them stands for all.
std::vector<std::uint32_t> leaders(const GraphPicture& picture) {
  std::vector<std::uint32_t> first(picture.boxes.size() + 1);
  std::vector<std::uint32_t> targets;
  for (const GraphPicture::Arrow& arrow : picture.arrows) {  // sorted by where they begin
    ++first[arrow.from + 1];
    targets.push_back(arrow.to);
  }
  for (std::size_t i = 1; i < first.size(); ++i) first[i] += first[i - 1];
  std::vector<std::uint32_t> leader(picture.boxes.size());
  for (std::uint32_t i = 0; i < leader.size(); ++i) leader[i] = i;
  for (const auto& circle : cyclic_components(first, targets)) {
    for (std::uint32_t member : circle) leader[member] = circle.front();
  }
  return leader;
}

/// Boxes in an order in which arrows only go forward. There are no circles left.
Chosen forward_order(const std::vector<Chosen>& next) {
  std::vector<std::uint32_t> open(next.size());
  for (const Chosen& all : next) {
    for (std::uint32_t to : all) ++open[to];
  }
  Chosen order;
  for (std::uint32_t i = 0; i < open.size(); ++i) {
    if (open[i] == 0) order.push_back(i);
  }
  for (std::size_t at = 0; at < order.size(); ++at) {
    for (std::uint32_t to : next[order[at]]) {
      if (--open[to] == 0) order.push_back(to);
    }
  }
  return order;
}

/// The arrows that do not follow from others (transitive reduction). From the last box back: of a box's
/// neighbours the nearest come first, and one that an earlier neighbour reaches needs no arrow of its own.
std::set<Ends> necessary(std::vector<Chosen> next) {
  std::size_t count = next.size();
  Chosen order = forward_order(next);
  std::vector<std::uint32_t> place(count);
  for (std::uint32_t i = 0; i < count; ++i) place[order[i]] = i;
  std::vector<std::vector<bool>> reaches(count, std::vector<bool>(count));
  std::set<Ends> kept;
  for (std::size_t i = count; i-- > 0;) {
    std::uint32_t from = order[i];
    std::sort(next[from].begin(), next[from].end(),
              [&](std::uint32_t a, std::uint32_t b) { return place[a] < place[b]; });
    for (std::uint32_t to : next[from]) {
      if (reaches[from][to]) continue;
      kept.emplace(from, to);
      reaches[from][to] = true;
      for (std::size_t j = 0; j < count; ++j) {
        if (reaches[to][j]) reaches[from][j] = true;
      }
    }
  }
  return kept;
}

/// Leaves out the arrows that follow from others.
void reduce(GraphPicture& picture) {
  constexpr std::size_t most_boxes = 5000;
  if (picture.boxes.size() > most_boxes) return;
  std::vector<std::uint32_t> leader = leaders(picture);
  auto ends = [&](const GraphPicture::Arrow& arrow) { return Ends(leader[arrow.from], leader[arrow.to]); };
  std::set<Ends> all;
  for (const GraphPicture::Arrow& arrow : picture.arrows) {
    if (leader[arrow.from] != leader[arrow.to]) all.insert(ends(arrow));
  }
  std::vector<Chosen> next(picture.boxes.size());
  for (const auto& [from, to] : all) next[from].push_back(to);
  std::set<Ends> kept = necessary(std::move(next));
  std::erase_if(picture.arrows, [&](const GraphPicture::Arrow& arrow) {
    return leader[arrow.from] != leader[arrow.to] && !kept.contains(ends(arrow));
  });
}

}  // namespace

Result<GraphPicture> picture_of(const GraphNodes& nodes, const GraphScope& scope) {
  Chosen chosen = CARBON_TRY(choose(nodes, scope.around));
  Painter painter(nodes, scope, chosen);
  GraphPicture picture;
  if (scope.level != GraphLevel::automatic) {
    picture = painter.paint(scope.level);
  } else {
    for (GraphLevel level : {GraphLevel::resources, GraphLevel::components, GraphLevel::files}) {
      picture = painter.paint(level);
      if (picture.boxes.size() <= scope.most_boxes) break;
    }
  }
  reduce(picture);
  return picture;
}

}  // namespace carbon
