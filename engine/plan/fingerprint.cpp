#include "engine/plan/fingerprint.h"

#include <algorithm>

#include "base/value_json.h"
#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "engine/plan/live_view.h"
#include "engine/plan/normal_form.h"

namespace carbon {

namespace {

std::string field_line(const ResourceType& type, const Value& object, const FieldPath& path,
                       const DigestMap& live_digests) {
  std::string name = path.text();
  if (auto secret = live_digests.find(name); secret != live_digests.end()) return name + "#" + secret->second;
  const Value* value = find_at(object, *type.schema, path);
  if (value == nullptr || value->is_null()) return name + "-";
  TypePtr at = type_at(*type.schema, path);
  return name + "=" + encode_value(at == nullptr ? *value : normal_form(*value, *at));
}

}  // namespace

Fingerprint make_fingerprint(const ResourceType& type, const LiveObject& live, std::vector<FieldPath> fields,
                             const DigestMap& live_digests, const Digester& digester) {
  Fingerprint made;
  made.present = live.presence == Presence::present;
  if (!made.present) return made;
  made.uid = live.uid;
  made.version = live.version;
  std::sort(fields.begin(), fields.end());
  fields.erase(std::unique(fields.begin(), fields.end()), fields.end());
  made.fields = std::move(fields);
  if (made.fields.empty()) return made;
  Value object = live_view(type, live.object, Value());
  std::string text;
  for (const FieldPath& path : made.fields) text += field_line(type, object, path, live_digests) + "\n";
  made.digest = digester.sha256_hex(text);
  return made;
}

bool fingerprint_holds(const Change& change, const ResourceType& type, const LiveObject& live,
                       const DigestMap& live_digests, const Digester& digester) {
  const Fingerprint& planned = change.fingerprint;
  bool there = live.presence == Presence::present;
  if (!there || !planned.present) return there == planned.present && live.presence != Presence::unknown;
  if (planned.uid != live.uid) return false;
  if (!planned.version.empty() && planned.version == live.version) return true;
  return make_fingerprint(type, live, planned.fields, live_digests, digester).digest == planned.digest;
}

bool is_as_desired(const Change& change, const ResourceType& type, const LiveObject& live) {
  if (live.presence != Presence::present) return false;
  DiffInput input{.type = type, .desired = change.desired, .live = &live, .applied = &change.applied};
  DiffResult result = diff(input);
  // A secret that the change leaves alone is what it was.
  bool told = !result.quiet.contains(quiet::not_compared) ||
              std::none_of(change.fields.begin(), change.fields.end(),
                           [](const FieldChange& field) { return field.secret; });
  return result.empty() && told;
}

}  // namespace carbon
