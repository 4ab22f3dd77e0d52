#include "engine/plan/reference_parts.h"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace carbon {

namespace {

// Where a Secret, a ConfigMap and a GeneratedSecret keep their keys.
constexpr std::array<std::string_view, 4> key_fields{"data", "stringData", "binaryData", "keys"};

/// The token controller fills these ("Secrets", service account token Secrets).
bool is_filled_by_controller(const Value& object) {
  const Value* type = object.find("type");
  return type != nullptr && type->is_string() && type->text() == "kubernetes.io/service-account-token";
}

/// False if something is not known.
bool add_keys(const Value& object, const FieldSet* owned, std::set<std::string>& names) {
  for (std::string_view field : key_fields) {
    const Value* map = object.find(field);
    if (map == nullptr || map->is_null()) continue;
    if (!map->is_fields()) return false;
    const FieldSet* ours = owned == nullptr ? nullptr : owned->find(FieldStep::field(std::string(field)));
    for (const Entry& entry : map->entries()) {
      // What carbon wrote and is not declared any more is about to go.
      bool going = ours != nullptr && ours->find(FieldStep::field(std::string(entry.key.text()))) != nullptr;
      if (!entry.value.is_null() && !going) names.emplace(entry.key.text());
    }
  }
  return true;
}

bool add_ports(const Value& object, ReferencedPart::Kind kind, std::set<std::string>& names) {
  const Value* spec = object.find("spec");
  const Value* ports = spec == nullptr || !spec->is_fields() ? nullptr : spec->find("ports");
  if (ports == nullptr || !ports->is_sequence()) return false;
  for (const Value& each : ports->items()) {
    const Value* part = each.find(kind == ReferencedPart::Kind::port_name ? "name" : "port");
    if (part == nullptr || part->is_null()) continue;
    if (part->kind() == ValueKind::integer) {
      names.insert(std::to_string(part->as_int()));
    } else if (part->is_string()) {
      names.emplace(part->text());
    } else {
      return false;
    }
  }
  return true;
}

PartNames sorted(const std::set<std::string>& names) {
  return std::vector<std::string>(names.begin(), names.end());
}

bool is_content(const FieldPath& path) {
  if (path.steps.empty()) return true;
  return std::ranges::find(key_fields, path.steps.front().name) != key_fields.end();
}

}  // namespace

PartNames parts_of(const LiveObject& live, ReferencedPart::Kind kind) {
  std::set<std::string> names;
  bool known = kind == ReferencedPart::Kind::key ? add_keys(live.object, nullptr, names)
                                                 : add_ports(live.object, kind, names);
  if (!known) return std::nullopt;
  return sorted(names);
}

PartNames parts_of(const Resource& declared, const LiveObject* live, ReferencedPart::Kind kind) {
  std::set<std::string> names;
  if (kind != ReferencedPart::Kind::key) {
    if (!add_ports(declared.desired, kind, names)) return std::nullopt;
    return sorted(names);
  }
  bool ignored = std::ranges::any_of(declared.settings.ignore, is_content);
  if (ignored || is_filled_by_controller(declared.desired)) return std::nullopt;
  if (!add_keys(declared.desired, nullptr, names) || names.empty()) return std::nullopt;
  if (live != nullptr && live->presence == Presence::present && !declared.type->generated)
    add_keys(live->object, live->managed ? &*live->managed : nullptr, names);
  return sorted(names);
}

}  // namespace carbon
