#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "convert/manifest.h"

namespace carbon {

/// Reads manifests as their types say: quantities become quantities, what the server sets and nulls are left
/// out, fields stand in the order in which they were written. Counts what was left out, to be said.
class TypedObjects {
 public:
  explicit TypedObjects(DiagnosticSink& sink) : sink_(sink) {}

  /// The desired value of the manifest's type. Errors: C0201 for a value of another type, which the server
  /// would refuse. A field that the type does not have is a warning (C0301) and left out: the server drops
  /// it. No message shows a value of a Secret.
  [[nodiscard]] Value read(const Manifest& manifest);

  /// Fields that the server sets, by path without positions, and how often they were there.
  [[nodiscard]] const std::map<std::string, std::size_t>& left_out() const { return left_out_; }

 private:
  struct Place {
    const Place* outer = nullptr;
    std::string_view name;  ///< empty for an item
    bool hidden = false;    ///< of a secret field: its line is not shown
  };

  [[nodiscard]] Value value(const Value& given, const Type& outer, const Place& place);
  [[nodiscard]] Value record(const Value& given, const Type& type, const Place& place);
  [[nodiscard]] Value map(const Value& given, const Type& type, const Place& place);
  [[nodiscard]] Value items(const Value& given, const Type& type, const Place& place);
  [[nodiscard]] Value scalar(const Value& given, const Type& type, const Place& place);
  [[nodiscard]] Value json(const Value& given, const Place& place);
  [[nodiscard]] Value mismatch(const Value& given, const Type& type, const Place& place);
  [[nodiscard]] SourceSpan span_of(const Value& given, const Place& place) const;
  void unknown_field(const Entry& entry, const Type& type, const Place& place);
  static std::string path(const Place& place);

  DiagnosticSink& sink_;
  const Manifest* manifest_ = nullptr;
  std::map<std::string, std::size_t> left_out_;
};

/// The entries in the order of a file: where they were written, else what names a thing first.
[[nodiscard]] std::vector<Entry> in_written_order(const Value& fields);

}  // namespace carbon
