// Values that a server says once, in the reply to the write that made them, and that are kept in another
// object
// (`keep FIELD in SINK`). One that is not there, or is another than was issued, has to be issued anew.

#include <fmt/format.h>

#include <algorithm>

#include "engine/expr/evaluate.h"
#include "engine/plan/plan_builder.h"

namespace carbon {

/// Adds a change of every kept field whose value is lost. What is there and carbon has no digest of (an
/// object that was adopted, a record that was made anew) is taken as it is; an empty digest says that it was
/// issued and never stored.
bool PlanBuilder::add_lost_values(const Subject& subject, DiffResult& result) const {
  const Resource& resource = subject.resource;
  const DigestMap& stored = digests_of(live_.live_digests, resource.address);
  static const DigestMap none;
  const DigestMap& issued = subject.entry == nullptr ? none : subject.entry->digests;
  bool lost = false;
  for (const Keep& keep : resource.settings.keeps) {
    auto now = stored.find(keep.field);
    auto then = issued.find(keep.field);
    if (now != stored.end() && (then == issued.end() || then->second == now->second)) continue;
    FieldChange made;
    made.path = {{FieldStep::field(keep.field)}};
    made.secret = true;
    made.immutable = !can_reissue(*resource.type, keep.field);
    made.written = written(resource.span);
    result.fields.push_back(std::move(made));
    lost = true;
  }
  return lost;
}

/// Where nothing else is the reason.
void PlanBuilder::explain_loss(Change& change) const {
  auto sink_of = [&](const FieldChange& field) {
    auto keep = std::ranges::find(change.keeps, field.path.text(), &Keep::field);
    return keep == change.keeps.end() ? Address() : keep->sink;
  };
  auto other = [&](const FieldChange& field) { return sink_of(field).empty(); };
  bool replaced = change.action == Action::replace;
  if (change.action != Action::update && !replaced) return;
  auto reason = std::ranges::find_if(change.fields, [&](const FieldChange& field) {
    return replaced ? field.path.text() == change.because_detail : !other(field);
  });
  bool alone = replaced ? reason != change.fields.end() && !other(*reason)
                        : std::ranges::none_of(change.fields, other);
  if (!alone) return;
  change.because = Because::lost;
  change.because_detail = fmt::format("(`{}` is not in `{}`)", reason->path.text(), sink_of(*reason));
}

/// What reads a value that this plan has issued anew cannot know it yet.
void PlanBuilder::note_issued(const Change& change) {
  for (const Keep& keep : change.keeps) {
    bool made = change.action == Action::create || change.action == Action::replace ||
                change.action == Action::later ||
                std::ranges::any_of(
                    change.fields, [&](const FieldChange& field) { return field.path.text() == keep.field; });
    if (made) issued_.emplace(keep.sink, path_in_sink(keep.field));
  }
}

/// Whether what the resource reads will be another value once the plan has been carried out.
bool PlanBuilder::awaited(std::string_view address, std::string_view path) const {
  std::uint32_t index = graph_.find(address);
  Action action = index == ResourceGraph::npos ? Action::no_op : nodes_[index].action;
  bool stays = action == Action::no_op || action == Action::update || action == Action::adopt ||
               action == Action::move;
  if (!stays) return true;
  return !issued_.empty() && issued_.contains({std::string(address), std::string(path)});
}

/// The same of a secret, whose content the plan does not have.
bool PlanBuilder::awaits(const Value& secret) const {
  auto attributes = open_attributes(secret);
  return std::ranges::any_of(attributes, [&](const auto& each) { return awaited(each.first, each.second); });
}

}  // namespace carbon
