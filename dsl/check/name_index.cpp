#include "dsl/check/name_index.h"

#include <algorithm>
#include <tuple>

namespace carbon {

namespace {

/// The last of the sorted entries that begins at or before the offset and does not end before it.
template <class Use>
const Use* at(const std::vector<Use>& uses, std::uint32_t offset) {
  auto after = std::upper_bound(uses.begin(), uses.end(), offset,
                                [](std::uint32_t wanted, const Use& use) { return wanted < use.span.begin; });
  if (after == uses.begin()) return nullptr;
  const Use& before = *(after - 1);
  return offset <= before.span.end ? &before : nullptr;
}

auto order(const SourceSpan& span) { return std::tuple(span.begin, span.end); }

}  // namespace

void NameIndex::name(SourceSpan span, SourceSpan target, TypePtr type) {
  if (span.known()) names_.push_back({span, target, type});
}

void NameIndex::field(SourceSpan span, TypePtr owner) {
  if (span.known()) fields_.push_back({span, owner});
}

void NameIndex::body(SourceSpan span, TypePtr type) {
  if (span.known() && type != nullptr) bodies_.push_back({span, type});
}

void NameIndex::declare_field(TypePtr owner, std::string_view field, SourceSpan span) {
  if (span.known()) declared_[{owner, std::string(field)}] = span;
}

void NameIndex::finish() {
  // Bodies of functions are looked at wherever they are called: the same place, many times.
  auto tidy = [](auto& uses) {
    std::stable_sort(uses.begin(), uses.end(),
                     [](const auto& a, const auto& b) { return order(a.span) < order(b.span); });
    auto same = [](const auto& a, const auto& b) { return a.span == b.span; };
    uses.erase(std::unique(uses.begin(), uses.end(), same), uses.end());
  };
  tidy(names_);
  tidy(fields_);
  tidy(bodies_);
}

const NameUse* NameIndex::name_at(std::uint32_t offset) const { return at(names_, offset); }

const FieldUse* NameIndex::field_at(std::uint32_t offset) const { return at(fields_, offset); }

const BodyUse* NameIndex::body_around(std::uint32_t offset) const {
  auto after =
      std::upper_bound(bodies_.begin(), bodies_.end(), offset,
                       [](std::uint32_t wanted, const BodyUse& use) { return wanted <= use.span.begin; });
  while (after != bodies_.begin()) {
    --after;
    // Bodies nest, so the last one that begins before and ends behind is the innermost.
    if (offset < after->span.end) return &*after;
  }
  return nullptr;
}

std::vector<SourceSpan> NameIndex::places_of(SourceSpan target) const {
  std::vector<SourceSpan> places;
  for (const NameUse& use : names_) {
    if (target.known() && use.target == target) places.push_back(use.span);
  }
  return places;
}

SourceSpan NameIndex::declared(TypePtr owner, std::string_view field) const {
  if (auto origin = origins_.find(owner); origin != origins_.end()) owner = origin->second;
  auto found = declared_.find(std::pair(owner, std::string(field)));
  return found == declared_.end() ? SourceSpan() : found->second;
}

SourceSpan NameIndex::field_declared_at(std::uint32_t offset) const {
  for (const auto& [key, span] : declared_) {
    if (span.begin <= offset && offset <= span.end) return span;
  }
  return {};
}

std::vector<SourceSpan> NameIndex::field_places(SourceSpan target, const SourceMap& sources) const {
  std::vector<SourceSpan> places;
  std::string_view name = sources.text(target);
  for (const FieldUse& use : fields_) {
    if (sources.text(use.span) == name && declared(use.owner, name) == target) places.push_back(use.span);
  }
  return places;
}

}  // namespace carbon
