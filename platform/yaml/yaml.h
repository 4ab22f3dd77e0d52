#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/value.h"

namespace carbon {

/// Budgets for text that somebody else wrote: a few aliases can stand for gigabytes.
struct YamlLimits {
  std::size_t bytes = std::size_t{32} << 20;
  std::size_t nodes = 1'000'000;  ///< aliases counted each time they are used
  std::size_t depth = 100;
};

/// Reads one YAML document. Plain scalars are typed by YAML 1.2's core schema (section 10.3): `yes`, `on` and
/// `1:30` are strings, `012` is twelve, `0o14` and `0xC` are integers; quoted ones are strings. Mappings
/// become maps with text keys, sequences lists, `!!binary` blobs; other tags, merge keys (`<<`), duplicate
/// keys, .inf and .nan are refused. No document at all is null. Errors: bad_import_data with line and column.
[[nodiscard]] Result<Value> parse_yaml(std::string_view text, const YamlLimits& limits = {});

/// The same for a stream of documents, `---` between them. Empty documents are left out.
[[nodiscard]] Result<std::vector<Value>> parse_yaml_documents(std::string_view text,
                                                              const YamlLimits& limits = {});

/// What kubectl reads: a stream of documents whose plain scalars are YAML 1.1's as its library takes them
/// (sigs.k8s.io/yaml, go-yaml v2): `yes`, `on`, `y` and their like are booleans, `0644` and `0o644` are
/// octal, `0b1` is binary, `1_000` a thousand; a key of that form is what JSON makes of it. Every value
/// remembers where it was written; the text's first byte is at `base`.
[[nodiscard]] Result<std::vector<Value>> parse_manifests(std::string_view text, std::uint32_t base,
                                                         const YamlLimits& limits = {});

}  // namespace carbon
