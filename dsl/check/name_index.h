#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/source.h"
#include "base/type.h"

namespace carbon {

/// A name where it stands, declarations included.
struct NameUse {
  SourceSpan span;
  SourceSpan target;       ///< the name at its declaration; unknown for what is built in
  TypePtr type = nullptr;  ///< of the value, or what the type's name stands for; nullptr where not known
};

/// A field's name, in a body or behind a `.`, and the type that has the field.
struct FieldUse {
  SourceSpan span;
  TypePtr owner = nullptr;
};

/// A body and the type that says what may stand in it: a record, or what every field of a map is.
struct BodyUse {
  SourceSpan span;
  TypePtr type = nullptr;
};

/// A name that may be used where the cursor is.
struct VisibleName {
  enum class Kind : std::uint8_t { value, function, package };
  std::string name;
  Kind kind = Kind::value;
  TypePtr type = nullptr;
  SourceSpan target;
};

/// What the checker knows at one place of the text.
struct CursorFindings {
  std::optional<TypePtr> expected;  ///< of the innermost expression there; nullptr: any
  TypePtr object = nullptr;         ///< whose member stands there
  std::string package;              ///< path of the package whose name stands there
  std::vector<VisibleName> names;   ///< unsorted
};

/// What the checker found out about places in the text, for editors. It is filled while names are resolved,
/// so an editor and a check cannot disagree. One a check; spans and types are those of its input.
class NameIndex {
 public:
  /// Also collects what is known at the offset.
  void watch(std::uint32_t offset) { cursor_ = offset; }

  // What the checker says. Spans that are nowhere are ignored.
  void name(SourceSpan span, SourceSpan target, TypePtr type);
  void field(SourceSpan span, TypePtr owner);
  void body(SourceSpan span, TypePtr type);
  /// The field of a declared type or an input of a component.
  void declare_field(TypePtr owner, std::string_view field, SourceSpan span);
  /// The type was made from another one and has its fields.
  void derive(TypePtr made, TypePtr from) { origins_[made] = from; }
  [[nodiscard]] bool watches(SourceSpan span) const {
    return cursor_ != 0 && span.begin <= cursor_ && cursor_ <= span.end;
  }
  [[nodiscard]] CursorFindings& cursor() { return findings_; }

  /// Sorts; to be called once, before anything is asked.
  void finish();

  /// The name that holds the offset or ends at it, or nullptr. O(log n).
  [[nodiscard]] const NameUse* name_at(std::uint32_t offset) const;
  [[nodiscard]] const FieldUse* field_at(std::uint32_t offset) const;
  /// The innermost body that holds the offset, or nullptr. O(bodies before it in the file).
  [[nodiscard]] const BodyUse* body_around(std::uint32_t offset) const;
  /// Every place that means the same declaration, in order. O(n).
  [[nodiscard]] std::vector<SourceSpan> places_of(SourceSpan target) const;
  /// Where a field is declared; unknown for built-in types.
  [[nodiscard]] SourceSpan declared(TypePtr owner, std::string_view field) const;
  /// What a field's name stands for at its declaration: the span again if the offset is at one.
  [[nodiscard]] SourceSpan field_declared_at(std::uint32_t offset) const;
  /// Every use of the declared field. The texts are the spans' in the sources. O(n).
  [[nodiscard]] std::vector<SourceSpan> field_places(SourceSpan declared, const SourceMap& sources) const;
  [[nodiscard]] const CursorFindings& cursor() const { return findings_; }

 private:
  std::vector<NameUse> names_;
  std::vector<FieldUse> fields_;
  std::vector<BodyUse> bodies_;
  std::map<std::pair<TypePtr, std::string>, SourceSpan, std::less<>> declared_;
  std::unordered_map<TypePtr, TypePtr> origins_;
  std::uint32_t cursor_ = 0;
  CursorFindings findings_;
};

}  // namespace carbon
