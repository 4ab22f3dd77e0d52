#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "dsl/check/session.h"

namespace carbon {

/// The type of a record that no type was written for, while its fields are looked at.
class InferredRecord {
 public:
  explicit InferredRecord(Session& session) : session_(session) {}

  /// A field; a later one of the same name takes its place. `span` is where the name is written, if it is
  /// written there. What does not stand in every value (`always`) may be absent.
  void add(std::string_view name, TypePtr type, bool always, SourceSpan span = {});
  /// Other fields may be there too.
  void open() { open_ = true; }
  /// Whether nothing is known of the fields but that there may be some.
  [[nodiscard]] bool is_any_map() const { return open_ && fields_.empty(); }
  /// To be called once, in the end.
  [[nodiscard]] TypePtr make();

 private:
  Session& session_;
  bool open_ = false;
  std::vector<FieldType> fields_;
  std::vector<std::pair<std::string_view, SourceSpan>> written_;  ///< kept for the index alone
};

}  // namespace carbon
