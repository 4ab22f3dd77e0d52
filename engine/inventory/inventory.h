#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/field_path.h"
#include "base/result.h"
#include "base/value.h"
#include "engine/model/resource.h"

namespace carbon {

/// What carbon remembers of one object that it owns: enough to find, compare and delete it after its block is
/// gone, and never a value of its fields. Rebuildable from the live objects and the platform file.
struct InventoryEntry {
  Address address;
  std::string type;  ///< `k8s.Deployment`
  std::string type_version;
  Address provider;          ///< address of the provider, empty for the world's own
  std::string provider_key;  ///< which endpoint that was: another one is another target
  Value provider_config;     ///< of the provider, secrets as handles, so that the object can still be reached
  Value identity;            ///< record of the identity fields
  std::string uid;
  FieldSet applied;                            ///< field paths that carbon last applied
  std::map<std::string, std::string> digests;  ///< secret field path to keyed digest
  /// Other field path to short keyed digest of what was last applied, for systems that do not say who wrote a
  /// field (engine/plan/value_digests.h). Empty for the others and in rows of older versions.
  std::map<std::string, std::string> value_digests;
  /// The address that its digests were made with, where it has moved since; else empty.
  Address digested_as;
  /// Not stored: the address that the store still has it under, while a plan moves it; else empty.
  Address moved_from;
  bool protect = false;
  std::vector<Address> needs;  ///< what it needed, for the order of deletes
  std::string declared_at;     ///< `platform.carbon:22`, for messages

  [[nodiscard]] const Address& digest_address() const { return digested_as.empty() ? address : digested_as; }
};

/// Where the former object of a resource is remembered after `replace create_first` has made the new one;
/// `earlier` of them are still there. No file can declare it, so an object that is left there is planned as a
/// delete.
[[nodiscard]] Address former_address(const Address& address, std::size_t earlier = 0);
/// The resource whose former object the address names, or nothing.
[[nodiscard]] std::string_view resource_of_former(std::string_view address);

/// The entry under another address. Its digests stay what they are, and moved_from says where it was.
[[nodiscard]] InventoryEntry moved_to(InventoryEntry entry, Address address);

/// The stored form of an entry (JSON), and back. Lossless; equal entries give equal text. Errors: C0906.
[[nodiscard]] std::string encode_entry(const InventoryEntry& entry);
[[nodiscard]] Result<InventoryEntry> decode_entry(std::string_view text);

/// Decodes many entries. Most resources of a component have the same fields as its other instances, and all
/// of a provider the same config: those share one FieldSet and one config. Cost: of an entry's own text.
class EntryDecoder {
 public:
  /// Errors: C0906.
  [[nodiscard]] Result<InventoryEntry> decode(std::string_view text);

 private:
  [[nodiscard]] Status read_shared(const Value& row, InventoryEntry& entry);

  std::unordered_map<std::string, FieldSet> applied_;  ///< by their text
  Value config_json_;
  Value config_;
};

/// All that carbon owns in one (platform, environment, world). Sorted by address. `generation` grows with
/// each change.
struct Inventory {
  std::string platform;
  std::string environment;
  std::string world;
  std::uint64_t generation = 0;
  std::map<Address, InventoryEntry> entries;
};

/// Where an inventory is kept. Changes are durable when a call returns. One process at a time holds the lock.
class InventoryStore {
 public:
  virtual ~InventoryStore() = default;
  /// Empty when there is none yet. Errors: C0906 with the file and what to do.
  virtual Result<Inventory> load() = 0;
  /// Puts and removes entries in one transaction; the generation grows by one. Errors: C0906.
  virtual Status update(const std::vector<InventoryEntry>& put, const std::vector<Address>& remove) = 0;
};

}  // namespace carbon
