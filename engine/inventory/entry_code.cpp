// The row form of an inventory entry: one JSON object, lossless, equal entries give equal text.

#include <fmt/core.h>

#include "base/value_document.h"
#include "base/value_json.h"
#include "engine/inventory/inventory.h"

namespace carbon {

using document::field;
using document::text;

namespace {

Result<std::string> read_text(const Value& row, std::string_view name) {
  const Value* found = row.find(name);
  if (found == nullptr || !found->is_string()) {
    return fail(DiagnosticCode::inventory_damaged, fmt::format("no text `{}`", name));
  }
  return std::string(found->text());
}

Value read_value(const Value& row, std::string_view name) {
  const Value* found = row.find(name);
  return found == nullptr ? Value() : *found;
}

using Digests = std::map<std::string, std::string>;

Value digests_value(const Digests& digests) {
  std::vector<Entry> entries;
  for (const auto& [path, digest] : digests) entries.push_back(field(path, text(digest)));
  return Value::map(std::move(entries));
}

Result<std::map<std::string, std::string>> read_digests(const Value& row, std::string_view name) {
  std::map<std::string, std::string> found;
  Value digests = CARBON_TRY(decode_value(read_value(row, name)));
  if (!digests.is_fields()) return found;
  for (const Entry& digest : digests.entries()) {
    if (digest.value.is_string()) found.emplace(digest.key.text(), digest.value.text());
  }
  return found;
}

}  // namespace

std::string encode_entry(const InventoryEntry& entry) {
  std::vector<Value> needs;
  for (const Address& need : entry.needs) needs.push_back(text(need));
  std::vector<Entry> row{
      field("address", text(entry.address)),
      field("type", text(entry.type)),
      field("type_version", text(entry.type_version)),
      field("provider", text(entry.provider)),
      field("provider_key", text(entry.provider_key)),
      field("provider_config", entry.provider_config),
      field("identity", entry.identity),
      field("uid", text(entry.uid)),
      field("applied", text(entry.applied.encode())),
      field("digests", digests_value(entry.digests)),
      field("protect", Value::boolean(entry.protect)),
      field("needs", Value::list(std::move(needs))),
      field("declared_at", text(entry.declared_at)),
  };
  if (!entry.value_digests.empty()) row.push_back(field("value_digests", digests_value(entry.value_digests)));
  if (!entry.digested_as.empty()) row.push_back(field("digested_as", text(entry.digested_as)));
  return encode_value(Value::record(std::move(row)));
}

namespace {

// `#` begins a comment, so no address of a file has it.
constexpr std::string_view former_mark = "#former";

}  // namespace

Address former_address(const Address& address, std::size_t earlier) {
  return fmt::format("{}{}{}", address, former_mark, earlier == 0 ? "" : fmt::format("{}", earlier + 1));
}

std::string_view resource_of_former(std::string_view address) {
  std::size_t mark = address.rfind(former_mark);
  bool former = mark != std::string_view::npos &&
                address.find_first_not_of("0123456789", mark + former_mark.size()) == std::string_view::npos;
  return former ? address.substr(0, mark) : std::string_view();
}

InventoryEntry moved_to(InventoryEntry entry, Address address) {
  bool digests = !entry.digests.empty() || !entry.value_digests.empty();
  Address digested_as = digests ? entry.digest_address() : Address();
  entry.moved_from = std::move(entry.address);
  entry.address = std::move(address);
  // Back where it was digested there is nothing to remember.
  entry.digested_as = digested_as == entry.address ? Address() : std::move(digested_as);
  return entry;
}

namespace {

/// So many different sets of fields are remembered; a platform of more begins anew.
constexpr std::size_t most_known = 1024;

}  // namespace

Result<InventoryEntry> EntryDecoder::decode(std::string_view encoded) {
  // Plain texts are their own encoding; only the two values go through the decoder.
  Value row = CARBON_TRY(parse_json(encoded));
  InventoryEntry entry;
  entry.address = CARBON_TRY(read_text(row, "address"));
  entry.type = CARBON_TRY(read_text(row, "type"));
  entry.type_version = CARBON_TRY(read_text(row, "type_version"));
  entry.provider = CARBON_TRY(read_text(row, "provider"));
  entry.provider_key = CARBON_TRY(read_text(row, "provider_key"));
  entry.identity = CARBON_TRY(decode_value(read_value(row, "identity")));
  entry.uid = CARBON_TRY(read_text(row, "uid"));
  entry.declared_at = CARBON_TRY(read_text(row, "declared_at"));
  CARBON_CHECK(read_shared(row, entry));
  entry.digests = CARBON_TRY(read_digests(row, "digests"));
  entry.value_digests = CARBON_TRY(read_digests(row, "value_digests"));
  if (Value other = read_value(row, "digested_as"); other.is_string()) entry.digested_as = other.text();
  Value protect = read_value(row, "protect");
  entry.protect = protect.kind() == ValueKind::boolean && protect.as_bool();
  if (Value needs = read_value(row, "needs"); needs.is_sequence()) {
    for (const Value& need : needs.items()) {
      if (need.is_string()) entry.needs.emplace_back(need.text());
    }
  }
  return entry;
}

Status EntryDecoder::read_shared(const Value& row, InventoryEntry& entry) {
  std::string applied = CARBON_TRY(read_text(row, "applied"));
  auto known = applied_.find(applied);
  if (known == applied_.end()) {
    if (applied_.size() == most_known) applied_.clear();
    FieldSet decoded = CARBON_TRY(FieldSet::decode(applied));
    known = applied_.emplace(std::move(applied), std::move(decoded)).first;
  }
  entry.applied = known->second;
  Value config = read_value(row, "provider_config");
  if (!(config == config_json_)) {
    config_ = CARBON_TRY(decode_value(config));
    config_json_ = std::move(config);
  }
  entry.provider_config = config_;
  return {};
}

Result<InventoryEntry> decode_entry(std::string_view encoded) { return EntryDecoder().decode(encoded); }

}  // namespace carbon
