#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "base/source.h"
#include "engine/graph/resource_graph.h"

namespace carbon {

/// A resource that a value needs, by its place in Objects::resources(), and where the value says so.
struct Dependency {
  std::uint32_t resource = 0;
  SourceSpan span;
};
using Dependencies = std::vector<Dependency>;

/// Sorts, and keeps the first place of each: lists that are handed on stay short.
void deduplicate(Dependencies& depends);

/// The value of an output of a component instance.
struct OutputValue {
  Value value;
  Dependencies depends;
};

/// Everything that references can point at, by address, and what reading its fields gives.
class Objects {
 public:
  /// The resource's fields may be read from now on. References stay valid.
  Resource& add(Resource resource);
  std::uint32_t add(Provider provider, Dependencies depends);
  void add_outputs(std::string address, std::map<std::string, OutputValue> outputs);

  [[nodiscard]] std::deque<Resource>& resources() { return resources_; }
  [[nodiscard]] std::vector<Provider>& providers() { return providers_; }
  [[nodiscard]] const Dependencies& provider_depends(std::uint32_t provider) const {
    return provider_depends_[provider];
  }
  /// The index of a provider by its address, or ResourceGraph::npos.
  [[nodiscard]] std::uint32_t find_provider(std::string_view address) const;
  /// The index of a resource by its address, or ResourceGraph::npos.
  [[nodiscard]] std::uint32_t find_resource(std::string_view address) const;

  /// What a path below the object at `address` holds: the written value; an unknown or secret that names it
  /// where nothing is written; an output. What it depends on is added to `met`.
  [[nodiscard]] Result<Value> attribute(std::string_view address, std::string_view path, SourceSpan span,
                                        Dependencies& met) const;

  /// References to all managed resources of a type, sorted by address. O(resources).
  [[nodiscard]] Value of_type(const ResourceType& type) const;
  /// The resource at an address, or nullptr.
  [[nodiscard]] const Resource* resource(std::string_view address) const;
  /// Where `meta` looks up file and line. Outlives this.
  void set_sources(const SourceMap* sources) { sources_ = sources; }

  /// What a test says of fields that are not written.
  void mock(std::string address, Value fields) { mocks_[std::move(address)] = std::move(fields); }
  [[nodiscard]] bool is_mocked(std::string_view address) const {
    return mocks_.find(address) != mocks_.end();
  }

 private:
  struct Place {
    enum class Kind : std::uint8_t { resource, provider, outputs };
    Kind kind;
    std::uint32_t index;
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  [[nodiscard]] Result<Value> resource_attribute(const Resource& resource, std::string_view path) const;
  [[nodiscard]] Value meta(const Resource& resource) const;

  std::deque<Resource> resources_;
  std::vector<Provider> providers_;
  std::vector<Dependencies> provider_depends_;
  std::deque<std::map<std::string, OutputValue>> outputs_;
  std::map<std::string, Value, std::less<>> mocks_;
  const SourceMap* sources_ = nullptr;
  std::unordered_map<std::string, Place, Hash, std::equal_to<>> places_;
};

}  // namespace carbon
