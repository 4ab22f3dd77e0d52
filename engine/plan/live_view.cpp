#include "engine/plan/live_view.h"

#include <string_view>
#include <vector>

#include "base/base64.h"

namespace carbon {

namespace {

Value decoded(const Value& data) {
  std::vector<Entry> entries;
  if (!data.is_fields()) return Value::map({});
  for (const Entry& entry : data.entries()) {
    auto plain = entry.value.is_string() ? base64_decode(entry.value.text()) : std::nullopt;
    entries.push_back({entry.key, plain ? Value::string(*plain) : entry.value});
  }
  return Value::map(std::move(entries));
}

/// Every key that exists, with the recipe that is wanted for it now.
Value recipes(const Value& data, const Value* wanted) {
  std::vector<Entry> entries;
  if (!data.is_fields()) return Value::map({});
  for (const Entry& entry : data.entries()) {
    const Value* recipe = wanted == nullptr ? nullptr : wanted->find(entry.key.text());
    entries.push_back({entry.key, recipe == nullptr ? Value::map({}) : *recipe});
  }
  return Value::map(std::move(entries));
}

}  // namespace

Value live_view(const ResourceType& type, const Value& live, const Value& desired) {
  bool secret = type.transport == Transport::kubernetes && type.kubernetes.kind == "Secret";
  if (!secret || !live.is_fields()) return live;
  const Value* data = live.find("data");
  Value held = data == nullptr ? Value::map({}) : *data;
  std::vector<Entry> entries(live.entries().begin(), live.entries().end());
  if (type.generated) {
    entries.push_back({Value::string("keys"), recipes(held, desired.find("keys"))});
    entries.push_back({Value::string("data"), decoded(held)});  // the later one of equal keys wins
  } else {
    entries.push_back({Value::string("stringData"), decoded(held)});
  }
  return Value::map(std::move(entries));
}

}  // namespace carbon
