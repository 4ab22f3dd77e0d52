#include "stdlib/definitions/definitions.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/value_json.h"

namespace carbon {

namespace {

struct RunOnce {
  std::string_view package;
  std::string_view kind;
};

/// velero.io/docs/main/api-types: a Backup and a Restore run when they are made.
constexpr RunOnce run_once[] = {{"velero", "Backup"}, {"velero", "Restore"}};

const Value& nothing() {
  static const Value null;
  return null;
}

/// The digest in `{"$": DIGEST}`; empty for anything else.
std::string_view part_of(const Value& value) {
  bool stands_for = value.kind() == ValueKind::map && value.entries().size() == 1 &&
                    value.entries().front().key.text() == "$";
  return stands_for ? value.entries().front().value.text() : std::string_view();
}

class DefinitionReader {
 public:
  explicit DefinitionReader(const DefinitionPackage& package) : package_(package) {}

  [[nodiscard]] const Value& definition(std::string_view kind) { return unpack(package_.kinds, kind); }

 private:
  const Value& unpack(std::span<const PackedDefinition> lines, std::string_view name) {
    if (auto known = read_.find(name); known != read_.end()) return known->second;
    auto found = std::ranges::lower_bound(lines, name, {}, &PackedDefinition::name);
    if (found == lines.end() || found->name != name) return nothing();
    // Cannot fail: a test unpacks every line.
    Result<Value> packed = parse_json(found->text);
    Value made = packed ? whole(*packed) : Value();
    return read_.emplace(found->name, std::move(made)).first->second;
  }

  Value whole(const Value& packed) {
    if (std::string_view part = part_of(packed); !part.empty()) return unpack(package_.parts, part);
    if (packed.kind() == ValueKind::list) {
      std::vector<Value> items;
      items.reserve(packed.items().size());
      for (const Value& each : packed.items()) items.push_back(whole(each));
      return Value::list(std::move(items));
    }
    if (packed.kind() != ValueKind::map) return packed;
    std::vector<Entry> entries;
    entries.reserve(packed.entries().size());
    for (const Entry& each : packed.entries()) entries.push_back({each.key, whole(each.value)});
    return Value::map(std::move(entries));
  }

  DefinitionPackage package_;
  std::map<std::string_view, Value, std::less<>> read_;  ///< by the kinds' and parts' own names
};

}  // namespace

std::vector<std::string> kinds_of(const DefinitionPackage& package) {
  std::vector<std::string> names;
  names.reserve(package.kinds.size());
  for (const PackedDefinition& each : package.kinds) names.emplace_back(each.name);
  return names;
}

std::vector<std::string> run_once_kinds(const DefinitionPackage& package) {
  std::vector<std::string> names;
  for (const RunOnce& each : run_once) {
    if (each.package == package.name) names.emplace_back(each.kind);
  }
  return names;
}

std::function<const Value&(std::string_view kind)> definition_reader(const DefinitionPackage& package) {
  return [reader = std::make_shared<DefinitionReader>(package)](std::string_view kind) -> const Value& {
    return reader->definition(kind);
  };
}

}  // namespace carbon
