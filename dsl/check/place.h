#pragma once

#include <string_view>
#include <vector>

#include "dsl/check/session.h"

namespace carbon {

/// What a name means where an expression stands.
struct Resolved {
  enum class Kind : std::uint8_t { nothing, value, function, package };
  Kind kind = Kind::nothing;
  std::uint16_t depth = 0;
  std::uint32_t slot = 0;
  TypePtr type = nullptr;
  std::uint32_t index = 0;  ///< of the function or imported package
};

/// Where an expression stands: which scope it sees, its own names (loop variables, lets), and what it has
/// read so far. One a declaration.
class Place {
 public:
  /// `reader` is the declaration of `home` whose expression this is.
  Place(Session& session, ScopeWork& home, std::uint32_t reader)
      : session_(session), home_(&home), reader_(reader) {}
  /// An expression that sees the scope, but is nobody's value.
  Place(Session& session, ScopeWork& home) : session_(session), home_(&home) {}
  /// An expression that sees no scope: operations and constants.
  explicit Place(Session& session) : session_(session) {}

  /// In a policy, check or test: `known` may be called, and `resources` and `meta` unless only `known` may.
  /// Tests also see what stands inside components, and outputs. `queries` outlives the place.
  enum class Judging : std::uint8_t { nothing, scope, platform, test };
  void judge(Judging what, Queries* queries) { judging_ = what, queries_ = queries; }
  [[nodiscard]] Judging judging() const { return judging_; }
  /// The slot that will hold references to all resources of the type.
  [[nodiscard]] std::uint32_t query(const ResourceType& type);

  /// Adds a name of the expression's own; returns its slot. C0309 when it would hide another name.
  std::uint32_t bind(std::string_view name, SourceSpan span, TypePtr type);
  /// Slots without a check: parameters and the names of operations.
  std::uint32_t bind_hidden(std::string_view name, TypePtr type, SourceSpan span = {});
  /// Two neighbouring slots, for loops.
  std::uint32_t reserve(std::uint32_t count);
  void bind_at(std::string_view name, SourceSpan span, TypePtr type, std::uint32_t slot);

  /// Local names and narrowed types are dropped back to here.
  struct Mark {
    std::size_t locals = 0;
    std::size_t narrowed = 0;
  };
  [[nodiscard]] Mark mark() const { return {locals_.size(), narrowed_.size()}; }
  void release(Mark mark);
  /// Inside `if x != null` the name is not optional.
  void narrow(NodeRef condition);

  /// The meaning of a name; records that the reader reads it.
  [[nodiscard]] Resolved resolve(std::string_view name, SourceSpan span);
  /// The meaning of `package.name`.
  [[nodiscard]] Resolved resolve_in(const PackageEntry& package, std::string_view name, SourceSpan span);
  /// The reader looks for a cluster by itself, as an instance does.
  void looks_up();
  /// False where no object may be looked up: constants, operations, functions, policies, checks and tests.
  [[nodiscard]] bool may_look_up() const {
    return reader_ != UINT32_MAX && looking_ == UINT32_MAX && judging_ == Judging::nothing;
  }
  /// C0302 with what is near, or why it cannot be seen here.
  void report_unknown(std::string_view name, SourceSpan span);

  /// While the body of a function of another package is lowered, names are those of its package.
  [[nodiscard]] std::uint32_t package() const { return looking_ != UINT32_MAX ? looking_ : home_package(); }
  void look_into(std::uint32_t package) { looking_ = package; }
  [[nodiscard]] std::uint32_t looking() const { return looking_; }
  /// Local names below this are hidden: a function's body sees its parameters only.
  std::size_t hide_locals(std::size_t below) { return std::exchange(visible_from_, below); }

  /// False in operations, which see only what the connector has at hand, and in constants.
  [[nodiscard]] bool sees_scope() const { return home_ != nullptr; }
  [[nodiscard]] std::uint32_t slots() const { return next_slot_; }
  [[nodiscard]] Session& session() { return session_; }

 private:
  struct Local {
    std::string_view name;
    std::uint32_t slot;
    TypePtr type;
    SourceSpan span;
  };
  struct Narrowed {
    std::string_view name;
  };

  /// Tells the index what may be used here.
  void show_names(CursorFindings& cursor);
  void show_scope(CursorFindings& cursor, ScopeWork& scope, bool outside);
  [[nodiscard]] std::uint32_t home_package() const { return home_ == nullptr ? 0 : home_->package; }
  [[nodiscard]] Resolved value(ScopeWork& scope, std::uint32_t declaration, SourceSpan span);
  [[nodiscard]] Resolved output(std::string_view name, SourceSpan span);
  [[nodiscard]] Resolved borrow(std::uint32_t package, std::uint32_t declaration, SourceSpan span);
  [[nodiscard]] Resolved entry(const NameEntry& entry, ScopeWork& scope, SourceSpan span);
  [[nodiscard]] TypePtr narrowed(std::string_view name, TypePtr type) const;
  void read(ScopeWork& scope, std::uint32_t declaration, SourceSpan span);

  Session& session_;
  ScopeWork* home_ = nullptr;
  std::uint32_t reader_ = UINT32_MAX;
  Judging judging_ = Judging::nothing;
  Queries* queries_ = nullptr;
  std::uint32_t looking_ = UINT32_MAX;
  std::size_t visible_from_ = 0;
  std::uint32_t next_slot_ = 0;
  std::vector<Local> locals_;
  std::vector<Narrowed> narrowed_;
};

/// True when the declaration reaches an input or an instance, so that components cannot see it.
[[nodiscard]] bool reaches_instances(ScopeWork& scope, std::uint32_t declaration);

}  // namespace carbon
