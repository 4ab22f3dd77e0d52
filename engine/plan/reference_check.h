#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "base/diagnostic.h"
#include "engine/graph/resource_graph.h"
#include "engine/model/object_reference.h"
#include "engine/observe/live_state.h"
#include "engine/observe/object_queries.h"
#include "engine/plan/plan.h"

namespace carbon {

/// What fields mean, by the tables of the standard library, which the engine does not know.
struct ReferenceRules {
  /// The objects that an object names.
  std::function<std::vector<ObjectReference>(const ResourceType&, const Value& desired)> names;
  /// True for an object that is there without anybody's doing.
  std::function<bool(const ObjectReference&)> always_there;
  /// True if controllers make objects because of objects of the type, by a table.
  std::function<bool(const ResourceType&)> is_maker;
  /// True if a controller makes the object because of the one declared; surely, or perhaps.
  std::function<bool(const ResourceType&, const Value& desired, const ObjectReference&)> makes;
  std::function<bool(const ResourceType&, const Value& desired, const ObjectReference&)> may_make;
};

struct ReferenceInput {
  const ResourceGraph& graph;
  const LiveState& live;
  const Plan& plan;
  ResourceTypes& types;
  const ReferenceRules& rules;
};

/// Whether the objects that a plan writes name objects that there will be. Decides by what is declared and
/// what was read already; what is left are queries for the caller to ask, each object once. Pure. References
/// of objects that the plan does not write are only held against what it deletes: then a plan without changes
/// asks nothing. O(references * log n).
class ReferenceCheck {
 public:
  explicit ReferenceCheck(const ReferenceInput& input);

  /// At most `most_queries`; one answer each is expected by `judge`.
  [[nodiscard]] std::vector<ObjectQuery> queries() const;
  /// Afterwards `names_wanted` is what a good suggestion needs.
  void judge(const std::vector<LiveObject>& answers);
  [[nodiscard]] std::vector<NamesQuery> names_wanted() const;
  /// C0422 for objects that are missing, C0423 for keys and ports, C0424 for what could not be looked for.
  void report(const std::vector<std::vector<std::string>>& names, DiagnosticSink& sink) const;

  static constexpr std::size_t most_queries = 500;
  static constexpr std::size_t most_names = 20;

 private:
  /// A field of a declared object that names the object in question.
  struct Use {
    std::uint32_t resource = 0;
    ObjectReference reference;
  };
  /// An object that is named and not declared.
  struct Named {
    Address provider;
    const ResourceType* type = nullptr;  ///< nullptr: of a kind that nobody here knows
    std::vector<Use> uses;
    Address deleted;  ///< the address under which this plan deletes it
    LiveObject answer;
    bool asked = false;
    bool missing = false;
  };
  struct MissingPart {
    Use use;
    ReferencedPart part;
    std::vector<std::string> there;
  };

  void index();
  void add_deletes();
  void collect(std::uint32_t index, bool written);
  void resolve(Use use, bool written);
  void check_parts(const Use& use, const Resource& declared);
  [[nodiscard]] bool is_excused(const Use& use, const std::string& key);
  [[nodiscard]] bool is_made(const Use& use) const;
  [[nodiscard]] std::string key_of(std::uint32_t provider, const ObjectReference& reference) const;
  [[nodiscard]] const std::string& cluster_of(const Address& provider) const;
  [[nodiscard]] const ResourceType* type_of(const ObjectReference& reference) const;
  [[nodiscard]] const Address& provider_of(std::uint32_t resource) const;
  /// The namespace holds something, so it is there.
  [[nodiscard]] bool is_inhabited(const std::string& cluster, const ObjectReference& reference) const;
  /// Where names would help: provider, type and namespace, each once.
  using NamesPlace = std::tuple<Address, std::string, std::string>;
  [[nodiscard]] static NamesPlace place_of(const Named& named);
  [[nodiscard]] std::map<NamesPlace, std::size_t> names_places() const;
  void missing_object(const Named& named, const std::vector<std::string>& names, DiagnosticSink& sink) const;
  void missing_part(const MissingPart& missing, DiagnosticSink& sink) const;
  [[nodiscard]] SourceSpan span_of(const Use& use, std::uint32_t origin) const;

  const ReferenceInput& input_;
  std::map<std::string, std::uint32_t> declared_;      ///< what an object is called to its resource
  std::map<std::string, std::uint32_t> custom_kinds_;  ///< `group/kind` to a resource of it
  std::vector<std::uint32_t> makers_;                  ///< resources whose controllers make others
  std::vector<std::string> inhabited_;                 ///< sorted: cluster and namespace
  std::map<std::string, Address> deletes_;             ///< what an object is called to its address
  std::map<std::string, bool> excused_;                ///< by what the object is called: not asked for
  std::map<std::string, Named> named_;
  std::vector<MissingPart> missing_parts_;
};

}  // namespace carbon
