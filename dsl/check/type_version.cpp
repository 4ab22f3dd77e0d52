#include "dsl/check/type_version.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_set>
#include <vector>

namespace carbon {

namespace {

class Fnv1a {
 public:
  void add(std::string_view text) {
    for (char c : text) hash_ = (hash_ ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  }
  [[nodiscard]] std::string hex() const { return fmt::format("{:016x}", hash_); }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325;
};

/// What the type is made of, in an order that only its declaration decides.
std::vector<TypePtr> parts_of(const Type& type) {
  std::vector<TypePtr> parts{type.element, type.open};
  for (const FieldType& field : type.fields) parts.push_back(field.type);
  parts.insert(parts.end(), type.alternatives.begin(), type.alternatives.end());
  return parts;
}

}  // namespace

std::string type_version(const Session& session, const TypeEntry& entry, TypePtr schema) {
  Fnv1a hash;
  hash.add(session.input.sources.text(entry.node.span()));
  std::unordered_set<TypePtr> seen{schema};
  std::vector<TypePtr> left{schema};
  while (!left.empty()) {
    TypePtr type = left.back();
    left.pop_back();
    // Its own stand in its text.
    auto defaults = type == schema ? session.defaults.end() : session.defaults.find(type);
    if (defaults != session.defaults.end()) {
      for (const FieldDefault& each : defaults->second) {
        hash.add(each.field);
        hash.add("=");
        hash.add(session.input.sources.text(each.value.span()));
        hash.add("\n");
      }
    }
    for (TypePtr part : parts_of(*type)) {
      if (part != nullptr && seen.insert(part).second) left.push_back(part);
    }
  }
  return hash.hex();
}

}  // namespace carbon
