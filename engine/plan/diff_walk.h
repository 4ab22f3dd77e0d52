#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/plan/diff.h"

namespace carbon {

/// One comparison on its way through desired value, live value, schema and last-applied set at the same time.
/// Private to the diff: made, walked once.
class DiffWalk {
 public:
  DiffWalk(const DiffInput& input, DiffResult& result) : in_(input), out_(result) {}

  void run();

 private:
  /// What the fields on the way here say about the field itself.
  struct Marks {
    bool immutable = false;
    bool secret = false;
    bool write_only = false;
    bool server_default = false;
    std::uint32_t origin = 0;  ///< of the nearest value that has one
  };
  /// One place in all of the inputs.
  struct Place {
    const Value& desired;
    const Value* live = nullptr;  ///< null when absent; never a null value
    const Type& type;
    const FieldSet* applied = nullptr;
    Marks marks;
  };

  void walk(Place place);
  void fields(const Place& place, const Type& type);
  void field(const Place& outer, const Type& type, const Entry& entry);
  void keyed_items(const Place& place, const Type& type);
  void items(const Place& place, const Type& type);
  void members(const Place& place, const Type& type);
  void leaf(const Place& place, const Type& type);
  void absent_leaf(const Place& place);
  void secret_leaf(const Place& place);
  [[nodiscard]] bool same_reference(const Place& place) const;
  [[nodiscard]] const std::string* known_digest(const Place& place, const std::string& field) const;

  /// What was applied below `step` and is still there is to be removed.
  void remove_child(const FieldStep& step, const FieldSet& applied, const Place& outer, const Type& type);
  void remove(const FieldSet& applied, const Value& live, const Type& type, const Marks& marks);
  void remove_here(const Value& live, const Type& type, const Marks& marks);

  void change(const Place& place, std::optional<Value> after);
  void same(const Value& desired, const Value& live);
  void fold(std::string_view rule) { ++out_.quiet[rule]; }
  [[nodiscard]] bool ignored() const;
  [[nodiscard]] bool left_out(TypePtr field, const Value& desired) const;
  [[nodiscard]] bool frozen(std::string_view name) const;
  [[nodiscard]] bool was_secret() const;
  [[nodiscard]] bool object_exists() const;
  [[nodiscard]] std::uint32_t applied_steps() const;
  [[nodiscard]] std::string writer_here() const;
  void explain(FieldChange& made, const FieldSet* applied) const;

  const DiffInput& in_;
  DiffResult& out_;
  Value view_;           ///< the live object, or null
  bool frozen_ = false;  ///< the live object may not change but for its metadata
  FieldPath path_;
  std::vector<FieldChange> removals_;
};

}  // namespace carbon
