#include "platform/postgres_schema/grants.h"

#include <fmt/core.h>

#include <map>
#include <set>

#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"

namespace carbon::postgres {

namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

/// A map of texts, or nothing.
Texts texts(const Value* value) {
  Texts out;
  if (value == nullptr || !value->is_fields()) return out;
  for (const Entry& entry : value->entries())
    if (entry.value.is_string()) out.emplace(entry.key.text(), entry.value.text());
  return out;
}

const Value* part(const SchemaObject* object, std::string_view name) {
  return object == nullptr ? nullptr : object->properties.find(name);
}

const Value* part(const Value* value, std::string_view name) {
  return value == nullptr ? nullptr : value->find(name);
}

/// What the object was before the steps for it: nothing when it is made.
const SchemaObject* former(const Change& change) { return change.made() ? nullptr : change.live; }

/// `s.view.column` or `s.type.attribute`.
std::string column_reference(const Change& change, const StepWriter& out, std::string_view column) {
  return "COLUMN " + out.qualified(change.id().name) + "." + quote_identifier(column);
}

void write_comment(const Change& change, const std::string& of, std::string_view live,
                   std::string_view target, const std::string& what, StepWriter& out) {
  if (live == target) return;
  std::string text = target.empty() ? "NULL" : quote_literal(target);
  out.add(change.id(), fmt::format("COMMENT ON {} IS {}", of, text),
          (target.empty() ? "remove the comment of " : "comment on ") + what);
}

Texts attribute_comments(const SchemaObject* object) {
  Texts out;
  const Value* attributes = part(object, "attributes");
  if (attributes == nullptr) return out;
  for (const Value& attribute : attributes->items()) {
    const Value* comment = attribute.find("comment");
    if (comment != nullptr) out.emplace(attribute.find("name")->text(), comment->text());
  }
  return out;
}

void write_part_comments(const Change& change, const Texts& live, const Texts& target, StepWriter& out) {
  std::set<std::string> names;
  for (const Texts* each : {&live, &target})
    for (const auto& [name, text] : *each) names.insert(name);
  for (const std::string& name : names) {
    auto text = [&](const Texts& in) { return in.count(name) != 0 ? in.find(name)->second : std::string(); };
    write_comment(change, column_reference(change, out, name), text(live), text(target),
                  fmt::format("{} of {}", name, describe(change.id())), out);
  }
}

/// The statements for one grantee; privileges of one kind in one statement.
class GrantWriter {
 public:
  GrantWriter(const Change& change, std::string on, std::string columns, StepWriter& out)
      : change_(change), on_(std::move(on)), columns_(std::move(columns)), out_(out) {}

  void write(const std::string& grantee, const Texts& live, const Texts& target) {
    std::map<std::string, std::vector<std::string>> kinds;  // statement with {} for the privileges
    std::string to = grantee == "public" ? "PUBLIC" : quote_identifier(grantee);
    auto state = [](const Texts& in, const std::string& name) {
      auto found = in.find(name);
      return found == in.end() ? std::string() : found->second;
    };
    std::set<std::string> names;
    for (const Texts* each : {&live, &target})
      for (const auto& [name, text] : *each) names.insert(name);
    for (const std::string& name : names) {
      std::string from = state(live, name);
      std::string now = state(target, name);
      if (from == now) continue;
      kinds[statement(from, now, to)].push_back(name + columns_);
    }
    for (const auto& [statement, privileges] : kinds) {
      std::string list;
      for (const std::string& privilege : privileges) list += (list.empty() ? "" : ", ") + privilege;
      std::string sql = statement;
      sql.replace(sql.find("{}"), 2, list);
      bool revokes = sql.rfind("REVOKE", 0) == 0;
      out_.add(change_.id(), sql,
               fmt::format("{} {} on {} {} {}", revokes ? "revoke" : "grant", list, describe(change_.id()),
                           revokes ? "from" : "to", grantee));
    }
  }

 private:
  /// `revoked` is what PUBLIC lacks of its default; nothing is that default, or no privilege.
  [[nodiscard]] std::string statement(const std::string& from, const std::string& now,
                                      const std::string& to) const {
    if (now == "granted" && from == "grantable")
      return "REVOKE GRANT OPTION FOR {} ON " + on_ + " FROM " + to;
    if (now == "grantable") return "GRANT {} ON " + on_ + " TO " + to + " WITH GRANT OPTION";
    if (now == "granted" || from == "revoked") return "GRANT {} ON " + on_ + " TO " + to;
    return "REVOKE {} ON " + on_ + " FROM " + to;
  }

  const Change& change_;
  std::string on_;
  std::string columns_;
  StepWriter& out_;
};

void write_grantees(const Value* live, const Value* target, GrantWriter writer) {
  std::set<std::string> grantees;
  for (const Value* each : {live, target}) {
    if (each == nullptr) continue;
    for (const Entry& entry : each->entries()) grantees.emplace(entry.key.text());
  }
  for (const std::string& grantee : grantees)
    writer.write(grantee, texts(part(live, grantee)), texts(part(target, grantee)));
}

/// What stands behind ON in GRANT: views are tables there.
std::string granted_object(const Change& change, const StepWriter& out) {
  ObjectClass object_class = change.id().object_class;
  if (object_class == ObjectClass::column) return "TABLE " + out.qualified(change.id().parent);
  if (object_class == ObjectClass::view || object_class == ObjectClass::materialized_view)
    return "TABLE " + out.qualified(change.id().name);
  return reference(*change.target, out.schema());
}

}  // namespace

void write_comments(const Change& change, StepWriter& out) {
  const SchemaObject* live = former(change);
  auto comment = [](const SchemaObject* of) {
    return of == nullptr ? std::string_view() : property(*of, "comment");
  };
  write_comment(change, reference(*change.target, out.schema()), comment(live), comment(change.target),
                describe(change.id()), out);
  write_part_comments(change, texts(part(live, "column_comments")),
                      texts(part(change.target, "column_comments")), out);
  write_part_comments(change, attribute_comments(live), attribute_comments(change.target), out);
}

void write_grants(const Change& change, StepWriter& out) {
  const SchemaObject* live = former(change);
  std::string on = granted_object(change, out);
  bool column = change.id().object_class == ObjectClass::column;
  std::string columns = column ? " (" + quote_identifier(change.id().name) + ")" : "";
  write_grantees(part(live, "grants"), part(change.target, "grants"), {change, on, columns, out});
  const Value* live_columns = part(live, "column_grants");
  const Value* target_columns = part(change.target, "column_grants");
  std::set<std::string> names;
  for (const Value* each : {live_columns, target_columns}) {
    if (each == nullptr) continue;
    for (const Entry& entry : each->entries()) names.emplace(entry.key.text());
  }
  for (const std::string& name : names)
    write_grantees(part(live_columns, name), part(target_columns, name),
                   {change, on, " (" + quote_identifier(name) + ")", out});
}

}  // namespace carbon::postgres
