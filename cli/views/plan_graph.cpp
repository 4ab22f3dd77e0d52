#include "cli/views/plan_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "engine/plan/plan_order.h"

namespace carbon {

namespace {

/// From harmless to dangerous; what stands later colours a box of many.
constexpr std::array<Action, 10> by_danger{Action::no_op,   Action::read,   Action::release, Action::later,
                                           Action::move,    Action::adopt,  Action::create,  Action::update,
                                           Action::replace, Action::delete_};

std::size_t danger(Action action) {
  auto found = std::find(by_danger.begin(), by_danger.end(), action);
  return static_cast<std::size_t>(found - by_danger.begin());
}

/// The part of a key that each change falls under, for a way to put changes together.
using Grouping = std::string (*)(const Change&);

std::string own(const Change& change) { return change.address; }
std::string by_type(const Change& change) { return change.type; }

Grouping chosen(const Plan& plan, std::size_t most_boxes) {
  for (Grouping grouping : {&own, &group_of}) {
    std::set<std::string> groups;
    for (const Change& change : plan.changes) {
      groups.insert(grouping(change));
      if (groups.size() > most_boxes) break;
    }
    if (groups.size() <= most_boxes) return grouping;
  }
  return &by_type;
}

class Layout {
 public:
  Layout(const Plan& plan, std::size_t most_boxes) : plan_(plan), grouping_(chosen(plan, most_boxes)) {}

  PlanGraph make() && {
    boxes();
    arrows();
    columns();
    rows();
    return std::move(graph_);
  }

 private:
  void boxes() {
    bool single = grouping_ == &own;
    for (std::uint32_t i = 0; i < plan_.changes.size(); ++i) {
      const Change& change = plan_.changes[i];
      auto [found, fresh] = box_of_.emplace(grouping_(change), graph_.boxes.size());
      if (fresh)
        graph_.boxes.push_back({found->first, "", single ? "" : found->first, {}, Action::no_op, 0, 0});
      PlanGraph::Box& box = graph_.boxes[found->second];
      box.changes.push_back(i);
      box_of_change_.push_back(found->second);
    }
    for (PlanGraph::Box& box : graph_.boxes) {
      std::vector<Action> actions;
      for (std::uint32_t index : box.changes) actions.push_back(plan_.changes[index].action);
      box.worst = worst_of(actions);
      box.note = single ? plan_.changes[box.changes.front()].type : action_counts(actions);
    }
  }

  void arrows() {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    std::vector<std::vector<std::uint32_t>> waits = waits_by_need(plan_);
    for (std::uint32_t i = 0; i < waits.size(); ++i) {
      for (std::uint32_t before : waits[i]) {
        std::pair ends(box_of_change_[before], box_of_change_[i]);
        if (ends.first != ends.second && seen.insert(ends).second)
          graph_.arrows.push_back({ends.first, ends.second});
      }
    }
  }

  /// A column right of all that is needed. Boxes of many may need each other; the first met then gives way.
  void columns() {
    std::vector<std::vector<std::uint32_t>> behind(graph_.boxes.size());
    std::vector<std::uint32_t> waits(graph_.boxes.size());
    for (const PlanGraph::Arrow& arrow : graph_.arrows) {
      behind[arrow.from].push_back(arrow.to);
      ++waits[arrow.to];
    }
    std::set<std::uint32_t> ready;
    std::set<std::uint32_t> waiting;
    for (std::uint32_t i = 0; i < graph_.boxes.size(); ++i) (waits[i] == 0 ? ready : waiting).insert(i);
    while (!ready.empty() || !waiting.empty()) {
      std::set<std::uint32_t>& from = ready.empty() ? waiting : ready;
      std::uint32_t box = *from.begin();
      from.erase(from.begin());
      placed_.push_back(box);
      for (std::uint32_t next : behind[box]) {
        if (waits[next] == 0) continue;
        PlanGraph::Box& after = graph_.boxes[next];
        if (waiting.contains(next)) after.column = std::max(after.column, graph_.boxes[box].column + 1);
        if (--waits[next] == 0 && waiting.erase(next) > 0) ready.insert(next);
      }
    }
    for (const PlanGraph::Box& box : graph_.boxes) graph_.columns = std::max(graph_.columns, box.column + 1);
  }

  /// Beside the middle of what is needed, so that few lines cross; columns without end are folded.
  void rows() {
    std::vector<std::vector<std::uint32_t>> before(graph_.boxes.size());
    for (const PlanGraph::Arrow& arrow : graph_.arrows) before[arrow.to].push_back(arrow.from);
    std::vector<std::vector<std::uint32_t>> columns(graph_.columns);
    for (std::uint32_t box : placed_) columns[graph_.boxes[box].column].push_back(box);
    for (std::vector<std::uint32_t>& column : columns) {
      std::vector<std::pair<double, std::uint32_t>> order;
      for (std::size_t i = 0; i < column.size(); ++i) {
        double sum = 0;
        for (std::uint32_t need : before[column[i]]) sum += graph_.boxes[need].row;
        bool free = before[column[i]].empty();
        order.emplace_back(
            free ? static_cast<double>(i) : sum / static_cast<double>(before[column[i]].size()), column[i]);
      }
      std::stable_sort(order.begin(), order.end(), [](auto& a, auto& b) { return a.first < b.first; });
      for (std::uint32_t row = 0; row < order.size(); ++row) graph_.boxes[order[row].second].row = row;
      graph_.rows = std::max(graph_.rows, static_cast<std::uint32_t>(order.size()));
    }
  }

  const Plan& plan_;
  Grouping grouping_;
  PlanGraph graph_;
  std::map<std::string, std::uint32_t> box_of_;
  std::vector<std::uint32_t> box_of_change_;
  std::vector<std::uint32_t> placed_;
};

}  // namespace

Action worst_of(const std::vector<Action>& actions) {
  Action worst = Action::no_op;
  for (Action action : actions) {
    if (danger(action) > danger(worst)) worst = action;
  }
  return worst;
}

std::string action_counts(const std::vector<Action>& actions) {
  std::map<std::size_t, std::size_t, std::greater<>> counts;
  for (Action action : actions) ++counts[danger(action)];
  std::string out;
  for (auto [action, count] : counts)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count, to_string(by_danger[action]));
  return out;
}

std::string group_of(const Change& change) {
  std::size_t end = change.address.find_first_of(".[");
  bool component = end != std::string::npos && change.address[end] == '.';
  // `web["a"].service` is of the instance `web["a"]`.
  if (!component && end != std::string::npos) {
    std::size_t close = change.address.find("].", end);
    if (close != std::string::npos) return change.address.substr(0, close + 1);
  }
  return component ? change.address.substr(0, end) : change.type;
}

std::string_view danger_word(Action action) {
  switch (action) {
    case Action::create: return "create";
    case Action::update: return "update";
    case Action::replace:
    case Action::delete_: return "danger";
    case Action::adopt:
    case Action::release:
    case Action::read:
    case Action::later:
    case Action::move:
    case Action::no_op: return "other";
  }
  return "other";
}

PlanGraph plan_graph(const Plan& plan, std::size_t most_boxes) { return Layout(plan, most_boxes).make(); }

}  // namespace carbon
