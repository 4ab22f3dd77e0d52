#pragma once

#include <string>
#include <vector>

#include "engine/graph/resource_graph.h"

namespace carbon {

/// The resources as YAML 1.2 documents, each under a comment with its address, type and provider; holes are
/// tagged scalars: `!unknown string`, `!secret secret.env("TOKEN")`. What is not Kubernetes' has its type as
/// tag of the document. docs/reference/render.md.
[[nodiscard]] std::string render_yaml(const ResourceGraph& graph, const std::vector<std::uint32_t>& wanted);

/// `{ format_version, resources: [{ address, type, provider, object }] }`; holes are objects.
[[nodiscard]] std::string render_json(const ResourceGraph& graph, const std::vector<std::uint32_t>& wanted);

/// A value without holes as block-style YAML.
[[nodiscard]] std::string yaml_document(const Value& value);

}  // namespace carbon
