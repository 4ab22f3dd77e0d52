#include <fmt/core.h>

#include <algorithm>
#include <span>

#include "platform/postgres_schema/identifier.h"
#include "platform/postgres_schema/object_class.h"
#include "platform/postgres_schema/object_steps.h"

namespace carbon::postgres {

namespace {

using C = ObjectClass;

std::string_view text_of(const Value& of, std::string_view name) {
  const Value* value = of.find(name);
  return value == nullptr ? std::string_view() : value->text();
}

std::string attribute_definition(const Value& attribute) {
  std::string out =
      quote_identifier(text_of(attribute, "name")) + " " + std::string(text_of(attribute, "type"));
  std::string_view collation = text_of(attribute, "collation");
  return collation.empty() ? out : out + " COLLATE " + std::string(collation);
}

std::string domain_definition(const Change& change, const StepWriter& out) {
  const SchemaObject& domain = *change.target;
  std::string sql =
      fmt::format("CREATE DOMAIN {} AS {}", out.qualified(domain.id.name), property(domain, "type"));
  if (has(domain, "collation")) sql += fmt::format(" COLLATE {}", property(domain, "collation"));
  if (has(domain, "default")) sql += fmt::format(" DEFAULT {}", property(domain, "default"));
  if (has(domain, "not_null")) sql += " NOT NULL";
  for (std::size_t at : parts_of(out.changes(), C::domain_constraint, domain.id.name)) {
    if (!is_inlined(at, out.changes())) continue;
    const SchemaObject& constraint = *out.changes().all()[at].target;
    sql += fmt::format(" CONSTRAINT {} {}", quote_identifier(constraint.id.name),
                       property(constraint, "definition"));
  }
  return sql;
}

std::string type_definition(const Change& change, const StepWriter& out) {
  const SchemaObject& type = *change.target;
  std::string head = fmt::format("CREATE TYPE {} AS ", out.qualified(type.id.name));
  if (type.id.object_class == C::enumeration) {
    return head + "ENUM (" +
           joined(type.properties.find("labels"),
                  [](const Value& label) { return quote_literal(label.text()); }) +
           ")";
  }
  if (type.id.object_class == C::composite_type)
    return head + "(" + joined(type.properties.find("attributes"), attribute_definition) + ")";
  std::string definition(property(type, "definition"));
  if (has(type, "multirange"))
    definition += ", MULTIRANGE_TYPE_NAME = " + out.qualified(property(type, "multirange"));
  return head + "RANGE (" + definition + ")";
}

void alter_domain(const Change& change, StepWriter& out) {
  std::string alter = "ALTER DOMAIN " + out.qualified(change.id().name) + " ";
  std::string_view expression = property(*change.target, "default");
  if (property(*change.live, "default") != expression) {
    bool sets = has(*change.target, "default");
    out.add(change.id(), sets ? fmt::format("{}SET DEFAULT {}", alter, expression) : alter + "DROP DEFAULT",
            "change the default of " + describe(change.id()));
  }
  if (has(*change.live, "not_null") == has(*change.target, "not_null")) return;
  bool sets = has(*change.target, "not_null");
  MigrationStep& step = out.add(change.id(), alter + (sets ? "SET NOT NULL" : "DROP NOT NULL"),
                                (sets ? "forbid nulls in " : "allow nulls in ") + describe(change.id()));
  if (sets) step.risk = Risk::blocking;
}

void alter_composite(const Change& change, StepWriter& out) {
  std::string alter = "ALTER TYPE " + out.qualified(change.id().name) + " ";
  auto names = [](const SchemaObject& type, std::string_view name) {
    auto items = type.properties.find("attributes")->items();
    return std::any_of(items.begin(), items.end(),
                       [&](const Value& each) { return text_of(each, "name") == name; });
  };
  for (const Value& attribute : change.live->properties.find("attributes")->items()) {
    std::string_view name = text_of(attribute, "name");
    if (names(*change.target, name)) continue;
    MigrationStep& step = out.add(change.id(), alter + "DROP ATTRIBUTE " + quote_identifier(name),
                                  fmt::format("drop attribute {} of {}", name, describe(change.id())));
    step.risk = Risk::lossy;
  }
  for (const Value& attribute : change.target->properties.find("attributes")->items()) {
    if (names(*change.live, text_of(attribute, "name"))) continue;
    out.add(change.id(), alter + "ADD ATTRIBUTE " + attribute_definition(attribute),
            fmt::format("add attribute {} to {}", text_of(attribute, "name"), describe(change.id())));
  }
}

/// The functions of a range type that make its values keep the names that they were given with it.
void set_constructors_aside(const Change& change, StepWriter& out) {
  static constexpr std::string_view next_words[] = {
      ", SUBTYPE_OPCLASS = ", ", COLLATION = ", ", CANONICAL = ", ", SUBTYPE_DIFF = "};
  std::string_view subtype =
      property(*change.live, "definition").substr(std::string_view("SUBTYPE = ").size());
  for (std::string_view word : next_words) subtype = subtype.substr(0, subtype.find(word));
  std::string range = out.qualified(temporary_name("type", change.id()));
  auto rename = [&](std::string_view name, const std::string& arguments) {
    out.add(change.id(),
            fmt::format("ALTER FUNCTION {}({}) RENAME TO {}", out.qualified(name), arguments,
                        quote_identifier(temporary_name("type", change.id()))),
            fmt::format("set a constructor of the former {} aside", describe(change.id())));
  };
  rename(change.id().name, fmt::format("{0}, {0}", subtype));
  rename(change.id().name, fmt::format("{0}, {0}, text", subtype));
  if (!has(*change.live, "multirange")) return;
  for (const std::string& arguments : {std::string(), range, range + "[]"})
    rename(property(*change.live, "multirange"), arguments);
}

}  // namespace

void make_type(const Change& change, StepWriter& out) {
  bool domain = change.id().object_class == C::domain;
  out.add(change.id(), domain ? domain_definition(change, out) : type_definition(change, out),
          "create " + describe(change.id()));
}

void add_labels(const Change& change, StepWriter& out) {
  auto old = change.live->properties.find("labels")->items();
  auto labels = change.target->properties.find("labels")->items();
  for (std::size_t at = 0; at < labels.size(); ++at) {
    if (std::find(old.begin(), old.end(), labels[at]) != old.end()) continue;
    std::string place;
    if (at > 0) {
      place = " AFTER " + quote_literal(labels[at - 1].text());
    } else if (!old.empty()) {
      place = " BEFORE " + quote_literal(old[0].text());
    }
    MigrationStep& step =
        out.add(change.id(),
                fmt::format("ALTER TYPE {} ADD VALUE {}{}", out.qualified(change.id().name),
                            quote_literal(labels[at].text()), place),
                fmt::format("add value {} to {}", labels[at].text(), describe(change.id())));
    step.risk = Risk::one_way;
    step.outside_transaction = true;
  }
}

void alter_type(const Change& change, StepWriter& out) {
  if (change.id().object_class == C::domain) alter_domain(change, out);
  if (change.id().object_class == C::composite_type) alter_composite(change, out);
}

void set_type_aside(const Change& change, StepWriter& out) {
  if (!change.renamed) return;
  auto rename = [&](std::string_view name, std::string_view purpose) {
    out.add(change.id(),
            fmt::format("ALTER TYPE {} RENAME TO {}", out.qualified(name),
                        quote_identifier(temporary_name(purpose, change.id()))),
            fmt::format("set the former {} aside", describe(change.id())));
  };
  rename(change.id().name, "type");
  if (has(*change.live, "multirange")) rename(property(*change.live, "multirange"), "multirange");
  if (change.id().object_class == C::range_type) set_constructors_aside(change, out);
}

void drop_type_set_aside(const Change& change, StepWriter& out) {
  std::string name = change.renamed ? temporary_name("type", change.id()) : change.id().name;
  bool domain = change.id().object_class == C::domain;
  out.add(change.id(), (domain ? "DROP DOMAIN " : "DROP TYPE ") + out.qualified(name),
          change.renamed ? fmt::format("drop the former {}", describe(change.id()))
                         : "drop " + describe(change.id()));
}

void make_domain_constraint(const Change& change, StepWriter& out) {
  std::string alter = "ALTER DOMAIN " + out.qualified(change.id().parent) + " ";
  std::string name = quote_identifier(change.id().name);
  bool live_domain = out.changes().survives({C::domain, "", change.id().parent});
  bool checked = !has(*change.target, "not_valid");
  std::string sql =
      fmt::format("{}ADD CONSTRAINT {} {}", alter, name, property(*change.target, "definition"));
  out.add(change.id(), sql + (live_domain || !checked ? " NOT VALID" : ""), "add " + describe(change.id()));
  if (!live_domain || !checked) return;
  MigrationStep& step =
      out.add_last(change.id(), alter + "VALIDATE CONSTRAINT " + name, "validate " + describe(change.id()));
  step.outside_transaction = true;
}

}  // namespace carbon::postgres
