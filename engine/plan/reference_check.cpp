#include "engine/plan/reference_check.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/spelling.h"
#include "engine/plan/reference_parts.h"

namespace carbon {

namespace {

std::string_view metadata_text(const Value& object, std::string_view field) {
  const Value* metadata = object.find("metadata");
  const Value* text = metadata == nullptr ? nullptr : metadata->find(field);
  return text != nullptr && text->is_string() ? text->text() : std::string_view();
}

std::string name_of(const ObjectReference& reference) {
  return reference.object_namespace.empty() ? reference.name
                                            : reference.object_namespace + "/" + reference.name;
}

std::string joined_key(std::string_view cluster, std::string_view group, std::string_view kind,
                       std::string_view name_space, std::string_view name) {
  return fmt::format("{}\n{}/{}\n{}\n{}", cluster, group, kind, name_space, name);
}

std::string key_of_object(std::string_view cluster, const ResourceType& type, const Value& object) {
  return joined_key(cluster, type.kubernetes.group, type.kubernetes.kind, metadata_text(object, "namespace"),
                    metadata_text(object, "name"));
}

bool is_write(Action action) {
  return action == Action::create || action == Action::update || action == Action::replace ||
         action == Action::adopt;
}

Value identity_of(const ObjectReference& reference, const ResourceType& type) {
  std::vector<Entry> metadata{{Value::string("name"), Value::string(reference.name)}};
  if (type.kubernetes.namespaced)
    metadata.push_back({Value::string("namespace"), Value::string(reference.object_namespace)});
  return Value::record({{Value::string("metadata"), Value::record(std::move(metadata))}});
}

/// The declaration that says that an object may be missing.
std::string optional_lookup(const ObjectReference& reference, const ResourceType& type) {
  std::string name_space = type.kubernetes.namespaced
                               ? fmt::format(", namespace = \"{}\"", reference.object_namespace)
                               : std::string();
  return fmt::format("lookup NAME : {}? {{ metadata = {{ name = \"{}\"{} }} }}", type.name, reference.name,
                     name_space);
}

std::string part_text(const ReferencedPart& part) {
  switch (part.kind) {
    case ReferencedPart::Kind::key: return fmt::format("the key `{}`", part.name);
    case ReferencedPart::Kind::port_name: return fmt::format("the port named `{}`", part.name);
    case ReferencedPart::Kind::port_number: return fmt::format("the port {}", part.name);
  }
  return {};
}

std::string_view nearest_of(std::string_view wanted, const std::vector<std::string>& names) {
  std::vector<std::string_view> views(names.begin(), names.end());
  return nearest(wanted, views);
}

}  // namespace

ReferenceCheck::ReferenceCheck(const ReferenceInput& input) : input_(input) {
  add_deletes();
  std::set<std::uint32_t> written;
  for (const Change& change : input_.plan.changes) {
    std::uint32_t at = input_.graph.find(change.address);
    if (at != ResourceGraph::npos && is_write(change.action)) written.insert(at);
  }
  if (written.empty() && deletes_.empty()) return;
  index();
  const std::vector<Resource>& resources = input_.graph.resources();
  for (std::uint32_t i = 0; i < resources.size(); ++i) {
    bool looked_at = written.contains(i) || !deletes_.empty();
    if (resources[i].mode == ResourceMode::managed && looked_at) collect(i, written.contains(i));
  }
}

const Address& ReferenceCheck::provider_of(std::uint32_t resource) const {
  return input_.graph.providers()[input_.graph.resource(resource).provider].address;
}

const std::string& ReferenceCheck::cluster_of(const Address& provider) const {
  auto target = input_.live.targets.find(provider);
  return target == input_.live.targets.end() ? provider : target->second.uid;
}

std::string ReferenceCheck::key_of(std::uint32_t resource, const ObjectReference& reference) const {
  return joined_key(cluster_of(provider_of(resource)), reference.group, reference.kind,
                    reference.object_namespace, reference.name);
}

void ReferenceCheck::index() {
  const std::vector<Resource>& resources = input_.graph.resources();
  for (std::uint32_t i = 0; i < resources.size(); ++i) {
    const Resource& resource = resources[i];
    if (resource.type->transport != Transport::kubernetes) continue;
    const std::string& cluster = cluster_of(provider_of(i));
    declared_.emplace(key_of_object(cluster, *resource.type, resource.desired), i);
    if (resource.mode == ResourceMode::managed && input_.rules.is_maker(*resource.type)) makers_.push_back(i);
    custom_kinds_.emplace(resource.type->kubernetes.group + "/" + resource.type->kubernetes.kind, i);
    auto live = input_.live.objects.find(resource.address);
    bool there = live != input_.live.objects.end() && live->second.presence == Presence::present;
    std::string_view space = metadata_text(resource.desired, "namespace");
    if (there && !space.empty()) inhabited_.push_back(fmt::format("{}\n{}", cluster, space));
  }
  std::ranges::sort(inhabited_);
}

void ReferenceCheck::add_deletes() {
  for (const Change& change : input_.plan.changes) {
    if (change.action != Action::delete_) continue;
    const ResourceType* type = input_.types.find(change.type);
    if (type == nullptr || type->transport != Transport::kubernetes) continue;
    deletes_.emplace(key_of_object(cluster_of(change.provider), *type, change.identity), change.address);
  }
}

void ReferenceCheck::collect(std::uint32_t index, bool written) {
  const Resource& resource = input_.graph.resource(index);
  if (resource.type->transport != Transport::kubernetes) return;
  for (ObjectReference& reference : input_.rules.names(*resource.type, resource.desired)) {
    if (reference.optional || reference.need == ReferenceNeed::order) continue;
    resolve({index, std::move(reference)}, written);
  }
}

void ReferenceCheck::resolve(Use use, bool written) {
  std::string key = key_of(use.resource, use.reference);
  if (auto found = declared_.find(key); found != declared_.end()) {
    const Resource& declared = input_.graph.resource(found->second);
    // A lookup says that the object is others' business: so is what is in it.
    if (declared.mode == ResourceMode::managed && written) check_parts(use, declared);
    return;
  }
  auto deleted = deletes_.find(key);
  if (deleted == deletes_.end() && !written) return;
  if (deleted == deletes_.end() && is_excused(use, key)) return;
  Named& named = named_[std::move(key)];
  if (named.uses.empty()) {
    named.provider = provider_of(use.resource);
    named.type = type_of(use.reference);
    if (deleted != deletes_.end()) named.deleted = deleted->second;
  }
  named.uses.push_back(std::move(use));
}

bool ReferenceCheck::is_inhabited(const std::string& cluster, const ObjectReference& reference) const {
  return reference.kind == "Namespace" && reference.group.empty() &&
         std::ranges::binary_search(inhabited_, fmt::format("{}\n{}", cluster, reference.name));
}

/// There without being declared, as far as can be told without asking; what lies behind a provider that
/// cannot be asked yet is not asked for.
bool ReferenceCheck::is_excused(const Use& use, const std::string& key) {
  auto [found, fresh] = excused_.try_emplace(key, false);
  if (!fresh) return found->second;
  const Address& provider = provider_of(use.resource);
  found->second = !input_.live.targets.contains(provider) || input_.rules.always_there(use.reference) ||
                  is_inhabited(cluster_of(provider), use.reference) || is_made(use);
  return found->second;
}

bool ReferenceCheck::is_made(const Use& use) const {
  return std::ranges::any_of(makers_, [&](std::uint32_t each) {
    const Resource& maker = input_.graph.resource(each);
    return input_.rules.makes(*maker.type, maker.desired, use.reference);
  });
}

const ResourceType* ReferenceCheck::type_of(const ObjectReference& reference) const {
  const ResourceType* type = input_.types.find("k8s." + reference.kind);
  if (type != nullptr && type->kubernetes.group == reference.group) return type;
  auto custom = custom_kinds_.find(reference.group + "/" + reference.kind);
  return custom == custom_kinds_.end() ? nullptr : input_.graph.resource(custom->second).type;
}

void ReferenceCheck::check_parts(const Use& use, const Resource& declared) {
  auto live = input_.live.objects.find(declared.address);
  const LiveObject* object = live == input_.live.objects.end() ? nullptr : &live->second;
  for (const ReferencedPart& part : use.reference.parts) {
    PartNames there = parts_of(declared, object, part.kind);
    if (there && std::ranges::find(*there, part.name) == there->end())
      missing_parts_.push_back({use, part, std::move(*there)});
  }
}

std::vector<ObjectQuery> ReferenceCheck::queries() const {
  std::vector<ObjectQuery> queries;
  for (const auto& [key, named] : named_) {
    if (named.type == nullptr || !named.deleted.empty() || queries.size() == most_queries) continue;
    queries.push_back({named.provider, {named.type, identity_of(named.uses.front().reference, *named.type)}});
  }
  return queries;
}

void ReferenceCheck::judge(const std::vector<LiveObject>& answers) {
  std::size_t next = 0;
  for (auto& [key, named] : named_) {
    named.missing = !named.deleted.empty();
    if (named.type == nullptr || named.missing || next == answers.size()) continue;
    named.answer = answers[next++];
    named.asked = true;
    named.missing = named.answer.presence == Presence::absent;
    if (named.answer.presence != Presence::present) continue;
    for (const Use& use : named.uses) {
      for (const ReferencedPart& part : use.reference.parts) {
        PartNames there = parts_of(named.answer, part.kind);
        if (there && std::ranges::find(*there, part.name) == there->end())
          missing_parts_.push_back({use, part, std::move(*there)});
      }
    }
  }
}

std::vector<NamesQuery> ReferenceCheck::names_wanted() const {
  std::vector<NamesQuery> queries;
  for (const auto& [place, number] : names_places()) {
    const auto& [provider, type, name_space] = place;
    queries.push_back({provider, input_.types.find(type), name_space});
  }
  return queries;
}

std::map<ReferenceCheck::NamesPlace, std::size_t> ReferenceCheck::names_places() const {
  std::map<NamesPlace, std::size_t> places;
  for (const auto& [key, named] : named_) {
    if (named.missing && named.deleted.empty() && places.size() < most_names)
      places.emplace(place_of(named), 0);
  }
  std::size_t next = 0;
  for (auto& [place, number] : places) number = next++;
  return places;
}

ReferenceCheck::NamesPlace ReferenceCheck::place_of(const Named& named) {
  return {named.provider, named.type->name, named.uses.front().reference.object_namespace};
}

SourceSpan ReferenceCheck::span_of(const Use& use, std::uint32_t origin) const {
  if (origin != 0) return {origin, origin + 1};
  return input_.graph.resource(use.resource).span;
}

void ReferenceCheck::report(const std::vector<std::vector<std::string>>& names, DiagnosticSink& sink) const {
  std::map<NamesPlace, std::size_t> places = names_places();
  std::size_t left_out = 0;
  for (const auto& [key, named] : named_) {
    if (named.missing && named.type != nullptr) {
      auto place = places.find(place_of(named));
      bool asked = place != places.end() && place->second < names.size();
      missing_object(named, asked ? names[place->second] : std::vector<std::string>(), sink);
    } else if (named.type != nullptr && named.asked && named.answer.presence == Presence::unknown) {
      const Use& use = named.uses.front();
      std::string why = named.answer.why ? named.answer.why->message() : "no server was asked";
      Diagnostic& warning = sink.warning(DiagnosticCode::reference_unchecked,
                                         fmt::format("whether there is the {} `{}` could not be seen: {}",
                                                     use.reference.kind, name_of(use.reference), why),
                                         span_of(use, use.reference.origin), use.reference.path.text());
      warning.address = input_.graph.resource(use.resource).address;
      warning.helps.push_back({std::string(remedy(DiagnosticCode::reference_unchecked)), {}});
    } else if (named.type != nullptr && !named.asked) {
      ++left_out;
    }
  }
  for (const MissingPart& each : missing_parts_) missing_part(each, sink);
  if (left_out == 0) return;
  sink.warning(DiagnosticCode::reference_unchecked,
               fmt::format("{} more objects that fields name were not looked for: a plan looks for {}",
                           left_out, most_queries),
               {})
      .helps.push_back({"apply in smaller parts, or declare what is named", {}});
}

void ReferenceCheck::missing_object(const Named& named, const std::vector<std::string>& names,
                                    DiagnosticSink& sink) const {
  for (const Use& use : named.uses) {
    const ObjectReference& reference = use.reference;
    const Resource& holder = input_.graph.resource(use.resource);
    bool perhaps = std::ranges::any_of(input_.graph.resources(), [&](const Resource& each) {
      // Who is known to need the object does not make it.
      bool needs_it = std::ranges::any_of(
          named.uses, [&](const Use& one) { return &input_.graph.resource(one.resource) == &each; });
      return each.mode == ResourceMode::managed && !needs_it &&
             input_.rules.may_make(*each.type, each.desired, reference);
    });
    bool error = reference.need == ReferenceNeed::required && (!perhaps || !named.deleted.empty());
    std::string text =
        named.deleted.empty()
            ? fmt::format("`{}` names the {} `{}`, which neither the platform nor the cluster has",
                          holder.address, reference.kind, name_of(reference))
            : fmt::format("`{}` names the {} `{}`, which this plan deletes", holder.address, reference.kind,
                          name_of(reference));
    SourceSpan span = span_of(use, reference.origin);
    Diagnostic& found =
        error ? sink.error(DiagnosticCode::missing_reference, std::move(text), span, reference.path.text())
              : sink.warning(DiagnosticCode::missing_reference, std::move(text), span, reference.path.text());
    found.address = holder.address;
    for (const ReferencedPart& part : reference.parts)
      found.notes.push_back(fmt::format("{} of it is asked for", part_text(part)));
    if (!named.deleted.empty()) {
      found.notes.push_back(fmt::format("it is `{}`, which is no longer declared", named.deleted));
      found.helps.push_back({fmt::format("declare `{}` again, or take the field away", named.deleted), {}});
      continue;
    }
    std::vector<std::string> candidates = names;
    for (const Resource& each : input_.graph.resources()) {
      if (each.type == named.type && metadata_text(each.desired, "namespace") == reference.object_namespace)
        candidates.emplace_back(metadata_text(each.desired, "name"));
    }
    std::ranges::sort(candidates);
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    std::string_view near = nearest_of(reference.name, candidates);
    if (!near.empty()) found.helps.push_back({fmt::format("did you mean `{}`?", near), {}});
    found.helps.push_back({"declare it, or correct the name; if something else makes it later, say so: " +
                               optional_lookup(reference, *named.type),
                           {}});
  }
}

void ReferenceCheck::missing_part(const MissingPart& missing, DiagnosticSink& sink) const {
  const ObjectReference& reference = missing.use.reference;
  const Resource& holder = input_.graph.resource(missing.use.resource);
  Diagnostic& error =
      sink.error(DiagnosticCode::missing_part,
                 fmt::format("`{}` asks for {} of the {} `{}`, which does not have it", holder.address,
                             part_text(missing.part), reference.kind, name_of(reference)),
                 span_of(missing.use, missing.part.origin == 0 ? reference.origin : missing.part.origin),
                 missing.part.path.text());
  error.address = holder.address;
  error.notes.push_back(missing.there.empty() ? "it has none"
                                              : fmt::format("it has `{}`", fmt::join(missing.there, "`, `")));
  std::string_view near = nearest_of(missing.part.name, missing.there);
  if (!near.empty()) error.helps.push_back({fmt::format("did you mean `{}`?", near), {}});
  if (near.empty()) error.helps.push_back({std::string(remedy(DiagnosticCode::missing_part)), {}});
}

}  // namespace carbon
