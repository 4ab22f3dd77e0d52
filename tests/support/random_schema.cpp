#include "tests/support/random_schema.h"

#include <fmt/core.h>

#include <algorithm>
#include <random>
#include <string_view>

#include "platform/postgres_schema/identifier.h"

namespace carbon::test {

namespace {

using postgres::quote_identifier;
using postgres::quote_literal;
using Random = std::mt19937_64;

// Slots by what they hold.
constexpr std::size_t enums = 0, domains = 3, composites = 5, ranges = 7, sequences = 8, functions = 10,
                      tables = 14;
constexpr std::size_t foreign_keys = 20, views = 24, triggers = 28, policies = 29, privileges = 30;

std::size_t below(Random& random, std::size_t limit) { return static_cast<std::size_t>(random() % limit); }
bool one_in(Random& random, std::size_t limit) { return below(random, limit) == 0; }

template <class Range>
const auto& pick(Random& random, const Range& range) {
  return range[below(random, std::size(range))];
}

/// A name for the slot: plain ones, and everything that a name can be.
std::string name_of(std::size_t slot) {
  static const std::string names[] = {"plain",
                                      "select",
                                      "User",
                                      "quo\"te",
                                      "semi;colon",
                                      "--comment",
                                      "ünïcødé",
                                      "it's",
                                      "back\\slash",
                                      "a b",
                                      "1st",
                                      "$1",
                                      std::string(63, 'x'),
                                      "ж" + std::string(60, 'y'),
                                      "/* */",
                                      "order"};
  std::string name = names[slot % std::size(names)];
  std::string number = std::to_string(slot);
  return slot < std::size(names) ? name : name.substr(0, std::min<std::size_t>(name.size(), 6)) + number;
}

std::string column_name(std::size_t at) {
  static const std::string names[] = {"id", "Group", "na\"me", "价格", "a;b", "total", "it's", "where"};
  return quote_identifier(names[at % std::size(names)]);
}

std::string qualified(const std::string& name) { return "app." + quote_identifier(name); }

struct Column {
  std::string name;  ///< quoted
  std::string type;
  bool generated = false;
  bool identity = false;
};

struct Table {
  std::string name;  ///< qualified
  std::vector<Column> columns;
  bool key = false;  ///< the first column, an integer, is the primary key
  bool partitioned = false;
  bool unlogged = false;
};

class Builder {
 public:
  explicit Builder(const SchemaSeeds& seeds) : seeds_(seeds) {}

  std::vector<std::string> build() {
    each(enums, domains, &Builder::enumeration);
    each(domains, composites, &Builder::domain);
    each(composites, ranges, &Builder::composite);
    each(ranges, sequences, &Builder::range);
    each(sequences, functions, &Builder::sequence);
    each(functions, tables, &Builder::function);
    each(tables, foreign_keys, &Builder::table);
    each(foreign_keys, views, &Builder::foreign_key);
    each(views, triggers, &Builder::view);
    each(triggers, policies, &Builder::trigger);
    each(policies, privileges, &Builder::policy);
    each(privileges, SchemaSeeds::slots, &Builder::privilege);
    return std::move(out_);
  }

 private:
  void each(std::size_t from, std::size_t to, void (Builder::*make)(std::size_t, Random&)) {
    for (std::size_t slot = from; slot < to; ++slot) {
      if (seeds_.seeds[slot] == 0) continue;
      Random random(seeds_.seeds[slot]);
      (this->*make)(slot, random);
    }
  }

  void say(std::string statement) { out_.push_back(std::move(statement)); }
  void comment(Random& random, const std::string& on) {
    if (one_in(random, 3))
      say(fmt::format("COMMENT ON {} IS {}", on, quote_literal(fmt::format("it's \\ {}", below(random, 3)))));
  }

  void enumeration(std::size_t slot, Random& random) {
    std::vector<std::string> labels = {"a", "b'c", "D;d", "é", "e"};
    std::size_t count = 1 + below(random, labels.size());
    std::size_t first = below(random, labels.size());
    if (one_in(random, 3)) std::reverse(labels.begin(), labels.end());
    std::string list;
    for (std::size_t at = 0; at < count; ++at)
      list += (at == 0 ? "" : ", ") + quote_literal(labels[(first + at) % labels.size()]);
    std::string name = qualified(name_of(slot));
    say(fmt::format("CREATE TYPE {} AS ENUM ({})", name, list));
    comment(random, "TYPE " + name);
    enum_label_ = quote_literal(labels[first]);
    types_.push_back(name);
    enums_.push_back(name);
  }

  void domain(std::size_t slot, Random& random) {
    static constexpr std::string_view bases[] = {"integer", "text", "numeric(8,2)", "character varying(20)"};
    std::string base(pick(random, bases));
    std::string name = qualified(name_of(slot));
    std::string sql = fmt::format("CREATE DOMAIN {} AS {}", name, base);
    bool number = base == "integer" || base[0] == 'n';
    if (one_in(random, 3)) sql += number ? " DEFAULT 7" : " DEFAULT 'd'";
    if (one_in(random, 4)) sql += " NOT NULL";
    if (one_in(random, 2))
      sql +=
          fmt::format(" CONSTRAINT {} CHECK ({})", column_name(slot), number ? "VALUE > 0" : "VALUE <> ''");
    if (one_in(random, 3) && number) sql += " CHECK (VALUE < 1000)";
    say(sql);
    comment(random, "DOMAIN " + name);
    types_.push_back(name);
  }

  void composite(std::size_t slot, Random& random) {
    std::string name = qualified(name_of(slot));
    std::string list;
    for (std::size_t at = 0, count = 1 + below(random, 4); at < count; ++at)
      list += (at == 0 ? "" : ", ") + column_name(at) + " " +
              (at > 0 && one_in(random, 3) ? any_type(random) : plain_type(random));
    say(fmt::format("CREATE TYPE {} AS ({})", name, list));
    comment(random, fmt::format("COLUMN {}.{}", name, column_name(0)));
    types_.push_back(name);
  }

  void range(std::size_t slot, Random& random) {
    static constexpr std::string_view subtypes[] = {"integer", "date", "numeric"};
    std::string name = qualified(name_of(slot));
    say(fmt::format("CREATE TYPE {} AS RANGE (SUBTYPE = {})", name, pick(random, subtypes)));
    types_.push_back(name);
  }

  void sequence(std::size_t slot, Random& random) {
    std::string name = qualified(name_of(slot));
    say(fmt::format("CREATE SEQUENCE {} AS {} INCREMENT {} CACHE {}{}", name,
                    one_in(random, 2) ? "integer" : "bigint", 1 + below(random, 3), 1 + below(random, 2),
                    one_in(random, 2) ? " CYCLE" : ""));
    comment(random, "SEQUENCE " + name);
    sequences_.push_back(name);
  }

  void function(std::size_t slot, Random& random) {
    std::string name = qualified(name_of(slot));
    std::size_t kind = slot - functions;
    if (kind == 0) {
      say(fmt::format(
          "CREATE FUNCTION {}({} integer) RETURNS {} LANGUAGE sql IMMUTABLE AS $f$ SELECT $1 + {} $f$", name,
          one_in(random, 2) ? "x" : "y", one_in(random, 3) ? "bigint" : "integer", below(random, 3)));
      function_ = name;
    } else if (kind == 1) {
      say(fmt::format("CREATE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN RETURN {}; END $f$",
                      name, one_in(random, 2) ? "NEW" : "OLD"));
      trigger_function_ = name;
    } else if (kind == 2) {
      say(fmt::format(
          "CREATE FUNCTION {}(value {}) RETURNS text LANGUAGE sql STABLE AS $f$ SELECT $1::text $f$", name,
          any_type(random)));
    } else {
      say(fmt::format("CREATE PROCEDURE {}(INOUT total {}) LANGUAGE plpgsql AS $f$ BEGIN NULL; END $f$", name,
                      plain_type(random)));
      comment(random, fmt::format("PROCEDURE {}", name));
      return;
    }
    comment(random, fmt::format("FUNCTION {}", name));
  }

  std::string plain_type(Random& random) {
    static constexpr std::string_view types[] = {"integer",
                                                 "bigint",
                                                 "smallint",
                                                 "text",
                                                 "character varying(10)",
                                                 "character varying(20)",
                                                 "character varying",
                                                 "character(4)",
                                                 "numeric(10,2)",
                                                 "numeric(12,4)",
                                                 "numeric",
                                                 "boolean",
                                                 "date",
                                                 "timestamp with time zone",
                                                 "timestamp(3) without time zone",
                                                 "jsonb",
                                                 "json",
                                                 "integer[]",
                                                 "double precision",
                                                 "real",
                                                 "uuid",
                                                 "bytea",
                                                 "interval",
                                                 "inet"};
    return std::string(pick(random, types));
  }
  std::string any_type(Random& random) {
    if (types_.empty() || one_in(random, 2)) return plain_type(random);
    return pick(random, types_) + (one_in(random, 4) ? "[]" : "");
  }

  static bool is_integer(const std::string& type) {
    return type == "integer" || type == "bigint" || type == "smallint";
  }
  static bool is_text(const std::string& type) { return type == "text" || type.rfind("character", 0) == 0; }

  std::string column(Random& random, const Table& table, Column& column) {
    std::string sql = column.name + " " + column.type;
    if (is_text(column.type) && one_in(random, 6)) sql += " COLLATE \"C\"";
    if (is_integer(column.type) && one_in(random, 8) && !table.partitioned) {
      column.identity = true;
      return sql + (one_in(random, 2) ? " GENERATED ALWAYS AS IDENTITY"
                                      : " GENERATED BY DEFAULT AS IDENTITY (START 5 CACHE 2)");
    }
    if (column.type == "integer" && one_in(random, 6) && !table.columns.empty() &&
        table.columns[0].type == "integer" && !table.columns[0].generated && !table.partitioned) {
      column.generated = true;
      std::string inner = one_in(random, 2) ? table.columns[0].name + " * 2" : table.columns[0].name + " + 1";
      return sql + " GENERATED ALWAYS AS (" + inner + ") STORED";
    }
    if (one_in(random, 3)) sql += default_of(random, column.type);
    if (one_in(random, 3)) sql += " NOT NULL";
    return sql;
  }

  std::string default_of(Random& random, const std::string& type) {
    if (is_integer(type)) {
      if (!sequences_.empty() && one_in(random, 2))
        return " DEFAULT nextval(" + quote_literal(pick(random, sequences_)) + ")";
      if (!function_.empty() && one_in(random, 2)) return " DEFAULT " + function_ + "(1)";
      return fmt::format(" DEFAULT {}", static_cast<int>(below(random, 5)) - 2);
    }
    if (is_text(type)) return " DEFAULT 'x;y'";
    if (type == "boolean") return " DEFAULT true";
    if (type.rfind("timestamp", 0) == 0)
      return one_in(random, 2) ? " DEFAULT now()" : " DEFAULT '2020-01-01 00:00'";
    if (!enums_.empty() && type == enums_.back()) return " DEFAULT " + enum_label_;
    if (type.rfind("numeric", 0) == 0) return " DEFAULT 1.5";
    return "";
  }

  void table(std::size_t slot, Random& random) {
    Table table;
    table.name = qualified(name_of(slot));
    table.partitioned = slot == foreign_keys - 1;
    std::vector<std::string> parts;
    for (std::size_t at = 0, count = 1 + below(random, 6); at < count; ++at) {
      Column next{column_name(at), at == 0 ? (one_in(random, 3) ? "bigint" : "integer") : any_type(random),
                  false, false};
      parts.push_back(column(random, table, next));
      table.columns.push_back(std::move(next));
    }
    table.key = one_in(random, 2);
    if (table.key)
      parts.push_back(fmt::format("{}PRIMARY KEY ({})",
                                  one_in(random, 3) ? "CONSTRAINT \"p;k" + std::to_string(slot) + "\" " : "",
                                  table.columns[0].name));
    for (const Column& each : table.columns) constraint(random, table, each, parts);
    if (one_in(random, 2))
      std::rotate(parts.begin(),
                  parts.begin() + static_cast<std::ptrdiff_t>(below(random, table.columns.size())),
                  parts.begin() + static_cast<std::ptrdiff_t>(table.columns.size()));
    std::string list;
    for (const std::string& part : parts) list += (list.empty() ? "" : ", ") + part;
    table.unlogged = !table.partitioned && one_in(random, 8);
    std::string tail = table.partitioned   ? fmt::format(" PARTITION BY RANGE ({})", table.columns[0].name)
                       : one_in(random, 6) ? " WITH (fillfactor = 70)"
                                           : "";
    say(fmt::format("CREATE {}TABLE {} ({}){}", table.unlogged ? "UNLOGGED " : "", table.name, list, tail));
    finish_table(slot, random, table);
    tables_.push_back(std::move(table));
  }

  void constraint(Random& random, const Table& table, const Column& each, std::vector<std::string>& parts) {
    std::size_t kind = below(random, 8);
    if (kind == 0 && is_text(each.type))
      parts.push_back(fmt::format("CHECK ({} IN ('a', 'b;c', 'it''s'))", each.name));
    if (kind == 1 && is_integer(each.type))
      parts.push_back(fmt::format("CONSTRAINT {} CHECK ({} BETWEEN 0 AND {})", each.name, each.name,
                                  10 + below(random, 2)));
    if (kind == 2 && is_integer(each.type) && !table.partitioned && !each.generated)
      parts.push_back(
          fmt::format("UNIQUE ({}){}", each.name, one_in(random, 2) ? " DEFERRABLE INITIALLY DEFERRED" : ""));
    if (kind == 3 && is_integer(each.type) && !function_.empty())
      parts.push_back(fmt::format("CHECK ({}({}) > 0)", function_, each.name));
    if (kind == 4 && !enums_.empty() && each.type == enums_.back())
      parts.push_back(fmt::format("CHECK ({} <> {})", each.name, enum_label_));
    if (kind == 5 && is_integer(each.type) && !table.partitioned)
      parts.push_back(fmt::format("EXCLUDE USING btree ({} WITH =)", each.name));
  }

  void finish_table(std::size_t slot, Random& random, const Table& table) {
    if (table.partitioned) {
      std::string part = qualified("part " + std::to_string(slot));
      std::size_t bound = 10 * (1 + below(random, 2));
      say(fmt::format("CREATE TABLE {} PARTITION OF {} FOR VALUES FROM (0) TO ({})", part, table.name,
                      bound));
      if (one_in(random, 2))
        say(fmt::format("CREATE TABLE {} PARTITION OF {} DEFAULT", qualified("rest"), table.name));
    }
    comment(random, "TABLE " + table.name);
    comment(random, fmt::format("COLUMN {}.{}", table.name, pick(random, table.columns).name));
    for (std::size_t at = 0; at < 2; ++at) index(slot, at, random, table);
    if (one_in(random, 5) && table.columns.size() > 1 && has_equality(table.columns[1].type))
      say(fmt::format("CREATE STATISTICS {} (ndistinct) ON {}, {} FROM {}",
                      qualified("stat " + std::to_string(slot)), table.columns[0].name, table.columns[1].name,
                      table.name));
    if (!sequences_.empty() && one_in(random, 4))
      say(fmt::format("ALTER SEQUENCE {} OWNED BY {}.{}", sequences_.front(), table.name,
                      table.columns[0].name));
  }

  static bool has_equality(const std::string& type) {
    return is_integer(type) || is_text(type) || type == "date";
  }

  void index(std::size_t slot, std::size_t number, Random& random, const Table& table) {
    if (one_in(random, 2)) return;
    std::string name = quote_identifier(fmt::format("i'x {} {}", slot, number));
    const Column& column = pick(random, table.columns);
    std::string on = fmt::format("INDEX {} ON {}", name, table.name);
    switch (below(random, 6)) {
      case 0: say(fmt::format("CREATE {} ({} DESC NULLS LAST)", on, table.columns[0].name)); break;
      case 1:
        say(fmt::format("CREATE {} ({}) WHERE {} IS NOT NULL", on, table.columns[0].name, column.name));
        break;
      case 2:
        if (is_text(column.type)) say(fmt::format("CREATE {} (lower({}::text))", on, column.name));
        break;
      case 3: say(fmt::format("CREATE {} USING hash ({})", on, table.columns[0].name)); break;
      case 4:
        if (!function_.empty() && table.columns[0].type == "integer")
          say(fmt::format("CREATE {} ({}({}))", on, function_, table.columns[0].name));
        break;
      default: say(fmt::format("CREATE {} ({}) INCLUDE ({})", on, table.columns[0].name, column.name)); break;
    }
    if (out_.back().find("INDEX " + name) != std::string::npos) comment(random, "INDEX app." + name);
  }

  void foreign_key(std::size_t slot, Random& random) {
    if (tables_.empty()) return;
    const Table& from = pick(random, tables_);
    const Table& to = pick(random, tables_);
    if (!to.key || from.columns[0].generated || from.unlogged != to.unlogged) return;
    static constexpr std::string_view tails[] = {"", " ON DELETE CASCADE", " ON UPDATE CASCADE DEFERRABLE",
                                                 " ON DELETE RESTRICT"};
    std::string_view tail = pick(random, tails);
    if (from.columns[0].identity && tail.find("UPDATE") != std::string_view::npos) tail = "";
    say(fmt::format("ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}){}", from.name,
                    quote_identifier("f\"k " + std::to_string(slot)), from.columns[0].name, to.name,
                    to.columns[0].name, tail));
  }

  void view(std::size_t slot, Random& random) {
    if (tables_.empty()) return;
    const Table& table = pick(random, tables_);
    std::string name = qualified(name_of(slot));
    std::string list;
    for (const Column& column : table.columns)
      if (list.empty() || one_in(random, 2)) list += (list.empty() ? "" : ", ") + column.name;
    bool materialized = slot == triggers - 1;
    std::string source =
        !views_.empty() && one_in(random, 3)
            ? "SELECT * FROM " + views_.back()
            : fmt::format("SELECT {} FROM {}{}", list, table.name,
                          one_in(random, 2) ? " WHERE " + table.columns[0].name + " > 1" : "");
    if (!enums_.empty() && one_in(random, 4))
      source = fmt::format("SELECT {}::{} AS label", enum_label_, enums_.back());
    say(fmt::format("CREATE {} {}{} AS {}", materialized ? "MATERIALIZED VIEW" : "VIEW", name,
                    !materialized && one_in(random, 4) ? " WITH (security_barrier)" : "", source));
    comment(random, fmt::format("{} {}", materialized ? "MATERIALIZED VIEW" : "VIEW", name));
    if (!materialized) views_.push_back(name);
    if (!function_.empty() && slot == views && one_in(random, 2))
      say(fmt::format("CREATE FUNCTION {}() RETURNS SETOF {} LANGUAGE sql STABLE AS $f$ SELECT * FROM {} $f$",
                      qualified("rows of it"), table.name, table.name));
    if (slot == views + 1 && one_in(random, 2))
      say(
          fmt::format("CREATE FUNCTION {}() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count({}) "
                      "FROM {}; END",
                      qualified("count of it"), table.columns[0].name, table.name));
  }

  void trigger(std::size_t slot, Random& random) {
    if (tables_.empty() || trigger_function_.empty()) return;
    const Table& table = pick(random, tables_);
    static constexpr std::string_view events[] = {"INSERT", "UPDATE", "INSERT OR DELETE"};
    std::string event(pick(random, events));
    const Column& column = pick(random, table.columns);
    if (event == "UPDATE" && !column.generated) event += " OF " + column.name;
    std::string name = quote_identifier(name_of(slot));
    say(fmt::format("CREATE TRIGGER {} AFTER {} ON {} FOR EACH ROW EXECUTE FUNCTION {}()", name, event,
                    table.name, trigger_function_));
    if (one_in(random, 3)) say(fmt::format("ALTER TABLE {} DISABLE TRIGGER {}", table.name, name));
    comment(random, fmt::format("TRIGGER {} ON {}", name, table.name));
  }

  void policy(std::size_t slot, Random& random) {
    if (tables_.empty()) return;
    const Table& table = pick(random, tables_);
    say(fmt::format("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", table.name));
    if (one_in(random, 2)) say(fmt::format("ALTER TABLE {} FORCE ROW LEVEL SECURITY", table.name));
    static constexpr std::string_view forms[] = {"FOR SELECT USING ({} IS NOT NULL)",
                                                 "USING ({0} > 0) WITH CHECK ({0} > 1)",
                                                 "AS RESTRICTIVE FOR UPDATE TO \"ro;le\" USING ({} < 10)"};
    std::string form(pick(random, forms));
    say(fmt::format("CREATE POLICY {} ON {} {}", quote_identifier(name_of(slot)), table.name,
                    fmt::format(fmt::runtime(form), table.columns[0].name)));
  }

  void privilege(std::size_t, Random& random) {
    static constexpr std::string_view roles[] = {"reader", "\"ro;le\"", "PUBLIC"};
    std::string_view role = pick(random, roles);
    bool grantable = role != "PUBLIC" && one_in(random, 3);
    std::string tail = fmt::format("TO {}{}", role, grantable ? " WITH GRANT OPTION" : "");
    if (!tables_.empty()) {
      const Table& table = pick(random, tables_);
      say(fmt::format("GRANT SELECT, UPDATE ON {} {}", table.name, tail));
      say(fmt::format("GRANT INSERT ({}) ON {} {}", table.columns[0].name, table.name, tail));
    }
    if (!types_.empty() && one_in(random, 2))
      say(fmt::format("REVOKE USAGE ON TYPE {} FROM PUBLIC", pick(random, types_)));
    if (!views_.empty()) say(fmt::format("GRANT SELECT ON {} {}", pick(random, views_), tail));
    if (!sequences_.empty())
      say(fmt::format("GRANT USAGE ON SEQUENCE {} {}", pick(random, sequences_), tail));
    if (!function_.empty() && one_in(random, 2))
      say(fmt::format("REVOKE EXECUTE ON FUNCTION {} FROM PUBLIC", function_));
  }

  const SchemaSeeds& seeds_;
  std::vector<std::string> out_;
  std::vector<std::string> types_;
  std::vector<std::string> enums_;
  std::vector<std::string> sequences_;
  std::vector<std::string> views_;
  std::vector<Table> tables_;
  std::string enum_label_;  ///< of the last enum
  std::string function_;
  std::string trigger_function_;
};

}  // namespace

SchemaSeeds SchemaSeeds::random(std::uint64_t seed) {
  Random random(seed);
  SchemaSeeds out;
  for (std::uint64_t& each : out.seeds) each = one_in(random, 3) ? 0 : random() | 1;
  return out;
}

SchemaSeeds SchemaSeeds::changed(std::uint64_t seed) const {
  Random random(seed);
  SchemaSeeds other = SchemaSeeds::random(random());
  std::size_t rarely = pick(random, std::array<std::size_t, 3>{1, 3, 10});
  SchemaSeeds out = *this;
  for (std::size_t slot = 0; slot < slots; ++slot)
    if (one_in(random, rarely)) out.seeds[slot] = other.seeds[slot];
  return out;
}

std::vector<std::string> random_schema(const SchemaSeeds& seeds) { return Builder(seeds).build(); }

std::vector<std::string> random_schema_roles() { return {"CREATE ROLE reader", "CREATE ROLE \"ro;le\""}; }

}  // namespace carbon::test
