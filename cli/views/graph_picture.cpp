#include "cli/views/graph_picture.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "base/spelling.h"
#include "engine/graph/strong_components.h"

namespace carbon {

namespace {

using Chosen = std::vector<std::uint32_t>;  ///< indices of resources

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

void follow(const ResourceGraph& graph, std::uint32_t start, bool towards_needs, std::vector<bool>& seen) {
  Chosen open{start};
  while (!open.empty()) {
    std::uint32_t at = open.back();
    open.pop_back();
    auto visit = [&](std::uint32_t next) {
      if (seen[next]) return;
      seen[next] = true;
      open.push_back(next);
    };
    if (towards_needs) {
      for (const Edge& edge : graph.needs(at)) visit(edge.to);
    } else {
      for (std::uint32_t next : graph.needed_by(at)) visit(next);
    }
  }
}

Result<Chosen> choose(const ResourceGraph& graph, const Address& around) {
  Chosen all;
  for (std::uint32_t i = 0; i < graph.resources().size(); ++i) all.push_back(i);
  if (around.empty()) return all;
  std::uint32_t center = graph.find(around);
  if (center == ResourceGraph::npos) {
    std::vector<std::string_view> names;
    for (const Resource& resource : graph.resources()) names.push_back(resource.address);
    Error error(DiagnosticCode::unknown_address, fmt::format("no resource has the address `{}`", around));
    std::string_view near = nearest(around, names);
    return fail(near.empty() ? std::move(error)
                             : std::move(error).help(fmt::format("did you mean `{}`?", near)));
  }
  std::vector<bool> needed(all.size());
  std::vector<bool> needing(all.size());
  needed[center] = needing[center] = true;
  follow(graph, center, true, needed);
  follow(graph, center, false, needing);
  std::erase_if(all, [&](std::uint32_t index) { return !needed[index] && !needing[index]; });
  return all;
}

std::string counted(std::size_t resources) {
  return fmt::format("{} resource{}", resources, resources == 1 ? "" : "s");
}

/// Puts resources into boxes.
class Painter {
 public:
  Painter(const ResourceGraph& graph, const GraphScope& scope, const Chosen& chosen)
      : graph_(graph), scope_(scope), chosen_(chosen) {}

  GraphPicture paint(GraphLevel level) {
    GraphPicture picture;
    picture.level = level;
    std::map<std::string, std::uint32_t> boxes;
    std::vector<std::size_t> sizes;
    std::unordered_map<std::uint32_t, std::uint32_t> box_of;
    for (std::uint32_t index : chosen_) {
      GraphPicture::Box box = box_around(index, level);
      auto [at, fresh] = boxes.emplace(box.title, static_cast<std::uint32_t>(picture.boxes.size()));
      if (fresh) {
        picture.boxes.push_back(std::move(box));
        sizes.push_back(0);
      }
      ++sizes[at->second];
      box_of[index] = at->second;
    }
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (picture.boxes[i].note.empty()) picture.boxes[i].note = counted(sizes[i]);
    }
    add_arrows(picture, box_of);
    auto framed = [&](const GraphPicture::Box& box) { return box.frame == picture.boxes.front().frame; };
    // One frame around everything says nothing.
    if (std::all_of(picture.boxes.begin(), picture.boxes.end(), framed)) {
      for (GraphPicture::Box& box : picture.boxes) box.frame.clear();
    }
    return picture;
  }

 private:
  GraphPicture::Box box_around(std::uint32_t index, GraphLevel level) const {
    const Resource& resource = graph_.resource(index);
    auto [outermost, innermost] = around(resource.address);
    std::string name = resource.address.substr(0, resource.address.find_first_of(".["));
    std::string file = scope_.file_of ? scope_.file_of(name) : "";
    // What a component makes belongs to the file that uses it.
    if (level == GraphLevel::files) return {file, "", ""};
    if (level == GraphLevel::components && !outermost.empty()) return {outermost, "", ""};
    return {resource.address, resource.type->name, innermost.empty() ? file : innermost};
  }

  void add_arrows(GraphPicture& picture,
                  const std::unordered_map<std::uint32_t, std::uint32_t>& box_of) const {
    std::map<std::pair<std::uint32_t, std::uint32_t>, GraphPicture::Arrow> arrows;
    for (std::uint32_t index : chosen_) {
      for (const Edge& edge : graph_.needs(index)) {
        auto needed = box_of.find(edge.to);
        if (needed == box_of.end() || needed->second == box_of.at(index)) continue;
        std::pair key(needed->second, box_of.at(index));
        auto [at, fresh] = arrows.emplace(key, GraphPicture::Arrow{key.first, key.second, 0, true});
        ++at->second.count;
        at->second.only_order = at->second.only_order && edge.reason == EdgeReason::after;
      }
    }
    for (const auto& [ends, arrow] : arrows) picture.arrows.push_back(arrow);
  }

  const ResourceGraph& graph_;
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

Result<GraphPicture> picture_of(const ResourceGraph& graph, const GraphScope& scope) {
  Chosen chosen = CARBON_TRY(choose(graph, scope.around));
  Painter painter(graph, scope, chosen);
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
