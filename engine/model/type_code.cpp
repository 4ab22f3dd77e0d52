// Types and expressions are graphs of pointers. Types may be shared and go in circles, so they are rows of a
// table that name each other by number; expressions are trees and stand where they are used.

#include "engine/model/type_code.h"

#include <array>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/value_document.h"

namespace carbon {

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

template <class Enum>
Value code(Enum value) {
  return number(static_cast<std::uint64_t>(value));
}

/// The expressions of an operation that are written only where they are said.
constexpr std::array operation_parts = std::to_array<std::pair<std::string_view, const Expr * Operation::*>>({
    {"take", &Operation::take},
    {"absent", &Operation::absent},
    {"exists", &Operation::exists},
    {"conflict", &Operation::conflict},
    {"done", &Operation::done},
    {"retry", &Operation::retry},
    {"each", &Operation::each},
    {"key", &Operation::key},
    {"next", &Operation::next},
    {"complete", &Operation::complete},
});

class Encoder {
 public:
  Value encode(const ResourceType& type) {
    const KubernetesApi& api = type.kubernetes;
    std::vector<Entry> out{
        field("name", text(type.name)),
        field("transport", code(type.transport)),
        field("version", text(type.version)),
        field("provider_type", text(type.provider_type)),
        field("identity", list(type.identity, [](const FieldPath& path) { return text(path.text()); })),
        field("data_bearing", Value::boolean(type.data_bearing)),
        field("generated", Value::boolean(type.generated)),
        field("schema", reference(type.schema)),
        field("exclusive_by", optional(type.exclusive_by)),
        field("kubernetes", Value::list({text(api.group), text(api.version), text(api.kind), text(api.plural),
                                         Value::boolean(api.namespaced)})),
        field("database", optional(type.operations.database)),
        field("read", operation(type.operations.read)),
        field("create", operation(type.operations.create)),
        field("remove", operation(type.operations.remove)),
        field("updates",
              list(type.operations.updates, [this](const Operation& one) { return operation(one); })),
        field("list", operation(type.operations.list)),
        field("assigned", text(type.operations.assigned)),
        field("base", optional(type.http.base)),
        field("headers", pairs(type.http.headers)),
        field("ready", optional(type.ready)),
        field("failed", list(type.failed,
                             [this](const FailedCondition& one) {
                               return Value::list({expression(*one.when), expression(*one.message)});
                             })),
        field("checks", list(type.checks,
                             [this](const TypeCheck& one) {
                               return Value::list({expression(*one.condition), expression(*one.message)});
                             })),
        field("normalize", list(type.normalize,
                                [this](const Normalization& one) {
                                  return Value::list({text(one.field), expression(*one.value)});
                                })),
        field("one_way", list(type.one_way,
                              [](const OneWay& one) {
                                return Value::list({text(one.field.text()), one.from, one.to});
                              })),
        field("disrupts", list(type.disrupts,
                               [](const Disrupts& one) {
                                 return Value::list({text(one.field.text()), code(one.how)});
                               })),
    };
    // Last: everything above may add rows, and so may every row.
    std::vector<Value> rows;
    for (std::size_t i = 0; i < order_.size(); ++i) rows.push_back(row(*order_[i]));
    out.push_back(field("types", Value::list(std::move(rows))));
    return Value::record(std::move(out));
  }

 private:
  /// The number of a type's row, or null.
  Value reference(TypePtr type) {
    if (type == nullptr) return {};
    auto [at, fresh] = rows_.emplace(type, order_.size());
    if (fresh) order_.push_back(type);
    return number(at->second);
  }

  /// Only what is not as in a bare Type.
  Value row(const Type& type) {
    std::vector<Entry> out{field("kind", code(type.kind))};
    auto add = [&](std::string_view name, bool said, Value value) {
      if (said) out.push_back(field(name, std::move(value)));
    };
    add("name", !type.name.empty(), text(type.name));
    add("checked", type.checked != CheckedString::none, code(type.checked));
    add("min", type.facets.min.has_value(), type.facets.min.value_or(Value()));
    add("max", type.facets.max.has_value(), type.facets.max.value_or(Value()));
    add("pattern", !type.facets.pattern.empty(), text(type.facets.pattern));
    add("element", type.element != nullptr, reference(type.element));
    add("fields", !type.fields.empty(), list(type.fields, [this](const FieldType& one) {
          return Value::list({text(one.name), reference(one.type), code(one.flags)});
        }));
    add("open", type.open != nullptr, reference(type.open));
    add("alternatives", !type.alternatives.empty(),
        list(type.alternatives, [this](TypePtr one) { return reference(one); }));
    add("keys", !type.keys.empty(), list(type.keys, text));
    add("atomic", type.atomic, Value::boolean(true));
    add("unordered", type.unordered, Value::boolean(true));
    return Value::record(std::move(out));
  }

  Value optional(const Expr* expr) { return expr == nullptr ? Value() : expression(*expr); }

  Value expression(const Expr& expr) {
    std::vector<Entry> out{field("kind", code(expr.kind))};
    auto add = [&](std::string_view name, bool said, Value value) {
      if (said) out.push_back(field(name, std::move(value)));
    };
    add("op", expr.op != Operator::none, code(expr.op));
    add("variables", expr.variables != 0, number(expr.variables));
    add("depth", expr.depth != 0, number(expr.depth));
    add("slot", expr.slot != 0, number(expr.slot));
    add("type", expr.type != nullptr, reference(expr.type));
    add("name", !expr.name.empty(), text(expr.name));
    add("constant", !expr.constant.is_null(), expr.constant);
    add("children", !expr.children.empty(),
        list(expr.children, [this](const Expr* child) { return expression(*child); }));
    return Value::record(std::move(out));
  }

  using Pairs = std::vector<std::pair<const Expr*, const Expr*>>;
  Value pairs(const Pairs& all) {
    return list(all, [this](const auto& one) {
      return Value::list({expression(*one.first), expression(*one.second)});
    });
  }

  Value operation(const Operation& one) {
    std::vector<Entry> out{
        field("fields", list(one.fields, [](const FieldPath& path) { return text(path.text()); })),
        field("steps", list(one.steps, [this](const OperationStep& step) { return this->step(step); })),
    };
    for (const auto& [name, part] : operation_parts) {
      const Expr* said = one.*part;
      if (said != nullptr) out.push_back(field(name, expression(*said)));
    }
    return Value::record(std::move(out));
  }

  Value step(const OperationStep& step) {
    std::vector<Entry> out{
        field("kind", code(step.kind)),
        field("text", optional(step.text)),
        field("arguments", list(step.arguments, [this](const Expr* one) { return expression(*one); })),
        field("send", optional(step.send)),
        field("headers", pairs(step.headers)),
        field("when", optional(step.when)),
        field("outside_transaction", Value::boolean(step.outside_transaction)),
    };
    if (step.encoding != BodyEncoding::none) out.push_back(field("encoding", code(step.encoding)));
    if (step.poll)
      out.push_back(
          field("poll", Value::list({expression(*step.poll->path), Value::duration(step.poll->pause),
                                     expression(*step.poll->until), optional(step.poll->failed)})));
    return Value::record(std::move(out));
  }

  std::map<TypePtr, std::size_t> rows_;
  std::deque<TypePtr> order_;
};

/// Reads with the first fault kept; what is read after one is not used.
class Decoder {
 public:
  Decoder(TypeTable& types, ExprArena& expressions) : types_(types), expressions_(expressions) {}

  Result<std::unique_ptr<ResourceType>> decode(const Value& encoded) {
    auto made = std::make_unique<ResourceType>();
    // The rows exist before any of them is filled, because they name each other.
    std::span<const Value> rows = items(encoded, "types");
    for (const Value& row : rows) rows_.push_back(&types_.make(choice<TypeKind>(row, "kind", last_kind)));
    for (std::size_t i = 0; i < rows.size(); ++i) fill(*rows_[i], rows[i]);
    made->name = string(encoded, "name");
    made->transport = choice<Transport>(encoded, "transport", Transport::s3);
    made->version = string(encoded, "version");
    made->provider_type = string(encoded, "provider_type");
    made->identity = paths(encoded, "identity");
    made->data_bearing = flag(encoded, "data_bearing");
    made->generated = flag(encoded, "generated");
    made->schema = reference(at(encoded, "schema"));
    made->exclusive_by = optional(at(encoded, "exclusive_by"));
    api(encoded, made->kubernetes);
    made->operations.database = optional(at(encoded, "database"));
    made->operations.read = operation(at(encoded, "read"));
    made->operations.create = operation(at(encoded, "create"));
    made->operations.remove = operation(at(encoded, "remove"));
    for (const Value& one : items(encoded, "updates")) made->operations.updates.push_back(operation(one));
    made->operations.list = operation(at(encoded, "list"));
    made->operations.assigned = string(encoded, "assigned");
    made->http.base = optional(at(encoded, "base"));
    made->http.headers = pairs(encoded, "headers");
    made->ready = optional(at(encoded, "ready"));
    for (const auto& [when, message] : pairs(encoded, "failed")) made->failed.push_back({when, message});
    for (const auto& [condition, message] : pairs(encoded, "checks"))
      made->checks.push_back({condition, message});
    rules(encoded, *made);
    if (made->name.empty()) wrong("name");
    if (made->schema == nullptr || made->schema->kind != TypeKind::record) wrong("schema");
    if (!bad_.empty()) return fail(DiagnosticCode::bad_plan_file, "`types." + bad_ + "` is missing");
    return made;
  }

 private:
  static constexpr TypeKind last_kind = TypeKind::reference;

  void wrong(std::string_view name) {
    if (bad_.empty()) bad_ = name;
  }

  static const Value& at(const Value& from, std::string_view name) {
    static const Value nothing;
    const Value* found = from.find(name);
    return found == nullptr ? nothing : *found;
  }

  std::string string(const Value& from, std::string_view name) {
    const Value& found = at(from, name);
    if (found.is_string()) return std::string(found.text());
    wrong(name);
    return {};
  }

  std::string string_or_none(const Value& from, std::string_view name) {
    return from.find(name) == nullptr ? std::string() : string(from, name);
  }

  std::uint64_t whole(const Value& found, std::string_view name, std::uint64_t most) {
    bool good = found.kind() == ValueKind::integer && found.as_int() >= 0 &&
                static_cast<std::uint64_t>(found.as_int()) <= most;
    if (good) return static_cast<std::uint64_t>(found.as_int());
    wrong(name);
    return 0;
  }

  std::uint64_t whole_or_none(const Value& from, std::string_view name, std::uint64_t most) {
    return from.find(name) == nullptr ? 0 : whole(at(from, name), name, most);
  }

  template <class Enum>
  Enum choice(const Value& from, std::string_view name, Enum last) {
    return static_cast<Enum>(whole(at(from, name), name, static_cast<std::uint64_t>(last)));
  }

  bool flag(const Value& from, std::string_view name) {
    const Value& found = at(from, name);
    if (found.kind() == ValueKind::boolean) return found.as_bool();
    wrong(name);
    return false;
  }

  std::span<const Value> items(const Value& from, std::string_view name) {
    const Value& found = at(from, name);
    if (found.is_sequence()) return found.items();
    wrong(name);
    return {};
  }

  std::span<const Value> items_or_none(const Value& from, std::string_view name) {
    return from.find(name) == nullptr ? std::span<const Value>() : items(from, name);
  }

  std::vector<FieldPath> paths(const Value& from, std::string_view name) {
    std::vector<FieldPath> out;
    for (const Value& one : items(from, name)) out.push_back(path(one, name));
    return out;
  }

  TypePtr reference(const Value& found) {
    if (found.is_null()) return nullptr;
    if (rows_.empty()) wrong("types");
    return rows_.empty() ? nullptr : rows_[whole(found, "types", rows_.size() - 1)];
  }

  TypePtr needed(const Value& found) {
    TypePtr type = reference(found);
    if (type == nullptr) wrong("types");
    return type;
  }

  void fill(Type& type, const Value& row) {
    type.name = string_or_none(row, "name");
    type.checked = static_cast<CheckedString>(
        whole_or_none(row, "checked", static_cast<std::uint64_t>(CheckedString::regex)));
    if (const Value* min = row.find("min")) type.facets.min = *min;
    if (const Value* max = row.find("max")) type.facets.max = *max;
    type.facets.pattern = string_or_none(row, "pattern");
    type.element = reference(at(row, "element"));
    type.open = reference(at(row, "open"));
    type.atomic = row.find("atomic") != nullptr;
    type.unordered = row.find("unordered") != nullptr;
    for (const Value& one : items_or_none(row, "alternatives")) type.alternatives.push_back(needed(one));
    for (const Value& one : items_or_none(row, "keys")) {
      if (!one.is_string()) wrong("keys");
      if (one.is_string()) type.keys.emplace_back(one.text());
    }
    for (const Value& one : items_or_none(row, "fields")) {
      bool shaped = one.is_sequence() && one.items().size() == 3 && one.items()[0].is_string();
      if (!shaped) return wrong("fields");
      auto flags = static_cast<FieldFlag>(whole(one.items()[2], "fields", UINT16_MAX));
      type.fields.push_back({std::string(one.items()[0].text()), needed(one.items()[1]), flags, ""});
    }
    bool holds_one = type.kind == TypeKind::list || type.kind == TypeKind::set ||
                     type.kind == TypeKind::map || type.kind == TypeKind::optional ||
                     type.kind == TypeKind::secret;
    if (holds_one && type.element == nullptr) wrong("element");
  }

  void api(const Value& encoded, KubernetesApi& made) {
    std::span<const Value> parts = items(encoded, "kubernetes");
    if (parts.size() != 5 || parts[4].kind() != ValueKind::boolean) return wrong("kubernetes");
    std::string* texts[] = {&made.group, &made.version, &made.kind, &made.plural};
    for (std::size_t i = 0; i < 4; ++i) {
      if (!parts[i].is_string()) return wrong("kubernetes");
      *texts[i] = parts[i].text();
    }
    made.namespaced = parts[4].as_bool();
  }

  const Expr* optional(const Value& found) { return found.is_null() ? nullptr : expression(found); }

  const Expr* expression(const Value& found) {
    Expr& made = expressions_.make(choice<ExprKind>(found, "kind", ExprKind::computed_field), {});
    made.op =
        static_cast<Operator>(whole_or_none(found, "op", static_cast<std::uint64_t>(Operator::remainder)));
    made.variables = static_cast<std::uint8_t>(whole_or_none(found, "variables", 2));
    made.depth = static_cast<std::uint16_t>(whole_or_none(found, "depth", UINT16_MAX));
    made.slot = static_cast<std::uint32_t>(whole_or_none(found, "slot", UINT32_MAX));
    made.type = reference(at(found, "type"));
    made.name = string_or_none(found, "name");
    made.constant = at(found, "constant");
    for (const Value& child : items_or_none(found, "children")) made.children.push_back(expression(child));
    return &made;
  }

  /// The items of a list, each of which is a list of that many values.
  std::vector<std::span<const Value>> rows(const Value& from, std::string_view name, std::size_t width) {
    std::vector<std::span<const Value>> out;
    for (const Value& one : items(from, name)) {
      bool shaped = one.is_sequence() && one.items().size() == width;
      if (shaped) out.push_back(one.items());
      if (!shaped) wrong(name);
    }
    return out;
  }

  std::vector<std::pair<const Expr*, const Expr*>> pairs(const Value& from, std::string_view name) {
    std::vector<std::pair<const Expr*, const Expr*>> out;
    for (auto row : rows(from, name, 2)) out.emplace_back(expression(row[0]), expression(row[1]));
    return out;
  }

  FieldPath path(const Value& found, std::string_view name) {
    Result<FieldPath> path = FieldPath::parse(found.is_string() ? found.text() : std::string_view());
    if (!path || path->steps.empty()) wrong(name);
    return path ? std::move(*path) : FieldPath();
  }

  void rules(const Value& encoded, ResourceType& made) {
    for (auto row : rows(encoded, "normalize", 2)) {
      if (!row[0].is_string()) return wrong("normalize");
      made.normalize.push_back({std::string(row[0].text()), expression(row[1])});
    }
    for (auto row : rows(encoded, "one_way", 3))
      made.one_way.push_back({path(row[0], "one_way"), row[1], row[2]});
    for (auto row : rows(encoded, "disrupts", 2)) {
      auto how = static_cast<Disruption>(
          whole(row[1], "disrupts", static_cast<std::uint64_t>(Disruption::read_only)));
      made.disrupts.push_back({path(row[0], "disrupts"), how});
    }
  }

  std::optional<OperationPoll> poll(const Value& step) {
    std::span<const Value> parts = items(step, "poll");
    if (parts.size() != 4 || parts[1].kind() != ValueKind::duration) {
      wrong("poll");
      return std::nullopt;
    }
    return OperationPoll{expression(parts[0]), parts[1].as_duration(), expression(parts[2]),
                         optional(parts[3])};
  }

  Operation operation(const Value& found) {
    Operation made;
    made.fields = paths(found, "fields");
    for (const auto& [name, part] : operation_parts) made.*part = optional(at(found, name));
    for (const Value& one : items(found, "steps")) {
      OperationStep& step = made.steps.emplace_back();
      step.kind = choice<OperationStep::Kind>(one, "kind", OperationStep::Kind::head);
      step.text = expression(at(one, "text"));
      step.send = optional(at(one, "send"));
      step.headers = pairs(one, "headers");
      step.when = optional(at(one, "when"));
      step.outside_transaction = flag(one, "outside_transaction");
      if (one.find("encoding") != nullptr)
        step.encoding = choice<BodyEncoding>(one, "encoding", BodyEncoding::madmin);
      if (one.find("poll") != nullptr) step.poll = poll(one);
      for (const Value& argument : items(one, "arguments")) step.arguments.push_back(expression(argument));
    }
    return made;
  }

  TypeTable& types_;
  ExprArena& expressions_;
  std::vector<Type*> rows_;
  std::string bad_;
};

}  // namespace

Value encode_type(const ResourceType& type) { return Encoder().encode(type); }

Result<std::unique_ptr<ResourceType>> decode_type(const Value& encoded, TypeTable& types,
                                                  ExprArena& expressions) {
  return Decoder(types, expressions).decode(encoded);
}

}  // namespace carbon
