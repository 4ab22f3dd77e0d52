#pragma once

#include <string>
#include <vector>

#include "convert/manifest.h"

namespace carbon {

class Names;

/// A `let` of the output.
struct SharedValue {
  std::string name;
  Value value;
};

/// Fills `written`: the desired value without the name that the address gives, with a reference where a
/// field names an object of the input (stdlib/k8s/references.def), and with one name for a namespace that
/// is not of the input and stands in three places or more.
/// The default namespace is not written.
void link(std::vector<Manifest>& manifests, std::string_view default_namespace,
          std::vector<SharedValue>& shared, Names& names);

/// One name for the same labels in three places or more; `{ ...labels, more = "x" }` where there are more.
void share_labels(std::vector<Manifest>& manifests, std::vector<SharedValue>& shared, Names& names);

/// In a written value: an expression of the source, as it stands.
[[nodiscard]] Value expression(std::string text);
/// The key of a spread in a written record.
inline constexpr std::string_view spread_key = "...";

}  // namespace carbon
