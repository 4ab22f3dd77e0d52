#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/value.h"
#include "platform/sandbox/kubernetes/api_status.h"
#include "platform/sandbox/kubernetes/path_set.h"
#include "platform/sandbox/kubernetes/resources.h"

namespace carbon::sandbox {

// What each kind's registry strategy does (k8s.io/kubernetes/pkg/registry/*/strategy.go). Objects are bare.

/// What a writer may not own: the status outside its subresource, and everything else inside it
/// (resetFields).
[[nodiscard]] PathSet ignored_paths(const ResourceInfo& resource, std::string_view subresource);

/// What decoding itself does to a kind: a Secret's stringData goes into its data. An applied configuration is
/// not decoded so: its manager owns `stringData` (recorded/806).
[[nodiscard]] Value decoded_object(const ResourceInfo& resource, Value object);

/// The object before it is stored first: no status but the initial one, labels and fields that the kind adds.
/// metadata.uid is set already.
[[nodiscard]] Value prepared_for_create(const ResourceInfo& resource, const SchemaNode& schema, Value object);

/// The object before it replaces another: the part that this path may not write is the old one's, Secret
/// stringData is merged in. Counts the generation.
[[nodiscard]] Value prepared_for_update(const ResourceInfo& resource, std::string_view subresource,
                                        const Value& before, Value after);

/// What the sandbox stores of a kind, but does not act on, as a warning for who creates one; empty for most
/// kinds.
[[nodiscard]] std::string_view unenforced_warning(const ResourceInfo& resource);

/// Whether its dependents are orphaned when nobody says (batch/v1 Job).
[[nodiscard]] bool orphans_by_default(const ResourceInfo& resource);

}  // namespace carbon::sandbox
