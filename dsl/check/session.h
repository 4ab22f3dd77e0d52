#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dsl/check/check.h"
#include "dsl/check/name_index.h"
#include "dsl/schema/schema.h"
#include "dsl/syntax/node_ref.h"

namespace carbon {

/// What a name stands for. `index` counts in the list of its kind.
enum class NameKind : std::uint8_t {
  value,      ///< a declaration of the scope
  component,  ///< Program::components
  type,       ///< Session::type_entries
  function,   ///< Session::functions
  package,    ///< Session::imported
};

struct NameEntry {
  NameKind kind = NameKind::value;
  std::uint32_t index = 0;
  SourceSpan span;
  bool used = false;  ///< something asked for it; kept for imports alone
};

enum class Progress : std::uint8_t { fresh, busy, done };

/// A package or component while it is checked. Names are keyed by source text.
struct ScopeWork {
  Scope* scope = nullptr;
  std::uint32_t package = 0;
  Component* component = nullptr;  ///< nullptr for a package
  NodeRef node;                    ///< of the component
  std::vector<NodeRef> checks;     ///< in written order
  std::unordered_map<std::string_view, NameEntry> names;
  std::vector<NodeRef> nodes;       ///< of each declaration; empty for those without
  std::vector<NodeRef> moves;       ///< `moved` and `removed`, as written
  std::vector<Progress> lowered;    ///< of each declaration
  std::vector<std::int8_t> impure;  ///< of each declaration: -1 not known yet, 1 reaches an input or instance
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t>
      borrowed;  ///< (package, let) to declaration
};

struct TypeEntry {
  std::string_view name;
  NodeRef node;
  std::uint32_t package = 0;
  Progress progress = Progress::fresh;
  TypePtr type = nullptr;            ///< what the name means as a type of a value; nullptr while unknown
  ResourceType* resource = nullptr;  ///< `type … via`
};

struct FunctionEntry {
  NodeRef node;
  std::uint32_t package = 0;
  bool busy = false;    ///< being inlined: calls must not come back to it
  bool broken = false;  ///< it calls itself, and that is reported
};

/// A policy, and the package that declares it.
struct PolicyEntry {
  NodeRef node;
  std::uint32_t package = 0;
};

/// A schema file, under its one name.
struct SchemaEntry {
  Import import;
  std::vector<SchemaType> types;

  [[nodiscard]] SchemaType* find(std::string_view name);
};

/// A package or schema under the name that it was imported as. Packages without text have types only.
struct PackageEntry {
  static constexpr std::uint32_t no_text = UINT32_MAX;
  std::string path;
  std::string name;  ///< last segment of the path: qualifies its types
  std::uint32_t package = no_text;
  SchemaEntry* schema = nullptr;  ///< set for a schema, whose entry has no package
};

/// A default of a record type's field, in source: lowered where a record is written without the field.
struct FieldDefault {
  std::string_view field;
  NodeRef value;
};

/// What the passes of one check share.
struct Session {
  Session(const CheckInput& wanted, Program& made, DiagnosticSink& to)
      : input(wanted), program(made), sink(to), types(wanted.types.types()) {}

  const CheckInput& input;
  Program& program;
  DiagnosticSink& sink;
  TypeTable& types;
  std::deque<ScopeWork> packages;    ///< parallel to Program::packages
  std::deque<ScopeWork> components;  ///< parallel to Program::components
  std::deque<TypeEntry> type_entries;
  std::deque<FunctionEntry> functions;
  struct Extent {
    std::uint64_t weight = 1;  ///< types in it, counted each time that they are met
    std::uint32_t depth = 0;
  };
  std::unordered_map<TypePtr, Extent> extents;  ///< of lists, records and their like
  [[nodiscard]] Extent extent_of(TypePtr type);
  std::uint32_t calls_written_out = 0;  ///< of user functions, see Lowering::user_call
  std::vector<PolicyEntry> policies;
  std::deque<PackageEntry> imported;
  std::deque<SchemaEntry> imported_schemas;
  std::unordered_map<TypePtr, const Component*> component_types;
  std::unordered_map<TypePtr, std::vector<FieldDefault>> defaults;
  std::unordered_map<std::string_view, TypePtr> references;  ///< by resource type
  std::unordered_map<TypePtr, TypePtr> schemas;              ///< by reference type
  std::unordered_map<TypePtr, TypePtr> partials;             ///< records with nothing required, by record

  std::unordered_map<const Component*, TypePtr> inputs;  ///< records of a component's inputs
  std::deque<std::string> texts;                         ///< names that stand in no source

  /// The text, kept as long as the session, for use as a key.
  [[nodiscard]] std::string_view keep(std::string text) { return texts.emplace_back(std::move(text)); }
  Diagnostic& error(DiagnosticCode code, std::string message, SourceSpan span, std::string label = {}) {
    return sink.error(code, std::move(message), span, std::move(label));
  }
  /// Whether the check may look inside.
  [[nodiscard]] bool in_focus(NodeRef node) const {
    SourceSpan span = node.span();
    return !input.focus.known() || (span.begin <= input.focus.begin && input.focus.end <= span.end);
  }
  /// Tells the index, if there is one.
  void index_name(SourceSpan span, SourceSpan target, TypePtr type) const {
    if (input.index != nullptr) input.index->name(span, target, type);
  }
  [[nodiscard]] TypePtr basic(TypeKind kind) const { return types.basic(kind); }
  /// The type of values that refer to objects of a resource type.
  [[nodiscard]] TypePtr reference_to(const ResourceType& type);
  /// The fields of what a reference points at, or nullptr.
  [[nodiscard]] TypePtr schema_of(TypePtr reference);
  /// Whether a walk over the type ends soon and without running out of stack: a record of two fields that are
  /// the same record of two fields that are … has 2^n. O(1) after the first time.
  [[nodiscard]] bool is_small(TypePtr type);
  /// The record type with nothing required, for patches, spreads and what a read gives.
  [[nodiscard]] TypePtr partial(TypePtr record);
  /// Adds `did you mean` with a fix, when exactly one candidate is near; safe unless the names are very
  /// short.
  void suggest(Diagnostic& error, std::string_view word, SourceSpan span,
               const std::vector<std::string_view>& candidates);
  /// Of something that is written again: a safe fix that removes it, when it says the same as what is already
  /// there.
  void remove_again(Diagnostic& error, NodeRef before, NodeRef again);
};

/// Makes packages, components, type entries and declarations, with their names but nothing inside them.
/// Errors: C0113, C0305, C0308, C0309, C0217.
void declare_names(Session& session);

}  // namespace carbon
