#pragma once

#include <deque>
#include <string>
#include <string_view>

#include "engine/plan/planner.h"
#include "engine/plan/relocate.h"
#include "tests/support/thing_type.h"

namespace carbon::test {

/// Digests that only tell texts apart: FNV-1a in hex, four times. Not secure, and the same everywhere.
class PlainDigester : public Digester {
 public:
  [[nodiscard]] std::string sha256_hex(std::string_view bytes) const override;
  [[nodiscard]] std::string sign(std::string_view bytes) const override;
};

/// The three inputs of a plan, built up by hand with few words. Values are JSON in the form of encode_value;
/// live objects are JSON as a server sends it.
class ThingWorld {
 public:
  ThingWorld();

  /// A managed `test.Thing` named like its address, through the provider `server`.
  Resource& declare(std::string address, std::string_view desired);
  Resource& declare_volume(std::string address, std::string_view desired);
  void need(std::string from, std::string to);
  LiveObject& observe(const std::string& address, std::string_view json, std::string uid);
  void absent(const std::string& address);
  void later(const std::string& address);
  void unreadable(const std::string& address, std::string why);
  /// An inventory entry of a `test.Thing` (or another type), with the field paths that were applied.
  InventoryEntry& own(const std::string& address, std::string uid, std::string_view applied);

  /// The same of a `test.Volume`, to which these values were applied.
  InventoryEntry& own_volume(const std::string& address, std::string_view applied, std::string_view values);

  [[nodiscard]] ResourceGraph graph() const;
  [[nodiscard]] PlanOptions options();
  Plan plan();
  Plan plan(const PlanOptions& with);
  /// The text of one action a line: `update db because …: image "a" => "b"`.
  static std::string lines(const Plan& plan);
  /// Codes of the last plan's errors, `C0416 C0417`.
  [[nodiscard]] std::string codes() const;
  /// What the last plan said, which must be one thing. Throws std::logic_error else.
  [[nodiscard]] const Diagnostic& only_error() const;

  ThingTypes types;
  FunctionTable functions;
  PlainDigester digester;
  LiveState live;
  Inventory inventory;
  DiagnosticSink sink;
  std::vector<Provider> providers;
  std::deque<Resource> resources;
  std::vector<std::pair<std::string, std::string>> edges;
  Moves moves;
};

}  // namespace carbon::test
