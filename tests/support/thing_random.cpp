#include "tests/support/thing_random.h"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/value_json.h"
#include "engine/model/typed_path.h"

namespace carbon::test {

namespace {

std::size_t below(Random& random, std::size_t limit) { return random() % limit; }
bool coin(Random& random) { return below(random, 2) == 0; }

Value word(Random& random) {
  static constexpr const char* words[] = {"a", "b", "c", "d.e", "f g", ""};
  return Value::string(words[below(random, std::size(words))]);
}

Value size(Random& random) {
  static constexpr const char* texts[] = {"1Gi", "1024Mi", "500m", "2", "1.5Gi", "3k", "3000"};
  return Value::quantity(*Quantity::parse(texts[below(random, std::size(texts))]));
}

Value number(Random& random) { return Value::integer(static_cast<std::int64_t>(below(random, 4))); }

Value json(Random& random, int depth) {
  if (depth == 0 || below(random, 3) == 0) return coin(random) ? word(random) : number(random);
  std::vector<Entry> entries;
  std::vector<Value> items;
  for (const char* key : {"x", "y", "z"}) {
    if (coin(random)) entries.push_back({Value::string(key), json(random, depth - 1)});
    if (coin(random)) items.push_back(json(random, depth - 1));
  }
  return coin(random) ? Value::map(std::move(entries)) : Value::list(std::move(items));
}

class Generator {
 public:
  explicit Generator(Random& random) : random_(random) {}

  Value value(const Type& declared) {
    const Type& type = plain_type(declared);
    switch (type.kind) {
      case TypeKind::string:
      case TypeKind::reference: return word(random_);
      case TypeKind::integer: return number(random_);
      case TypeKind::floating: return Value::floating(0.5 * static_cast<double>(below(random_, 4)));
      case TypeKind::boolean: return Value::boolean(coin(random_));
      case TypeKind::json:
      case TypeKind::optional: return json(random_, 3);
      case TypeKind::blob: return Value::blob(word(random_).text());
      case TypeKind::bytes:
      case TypeKind::cpu:
      case TypeKind::quantity: return size(random_);
      case TypeKind::duration:
        return Value::duration({1'000'000'000 * static_cast<std::int64_t>(below(random_, 9000))});
      case TypeKind::int_or_string: return coin(random_) ? word(random_) : number(random_);
      case TypeKind::list: return Value::list(items(type));
      case TypeKind::set: return Value::set(items(type));
      case TypeKind::map: return map(type);
      case TypeKind::record: return record(type);
      case TypeKind::literal: return Value::string(type.name);
      case TypeKind::union_: return value(*type.alternatives[below(random_, type.alternatives.size())]);
      case TypeKind::secret: break;
    }
    return Value();
  }

  Value record(const Type& type) {
    std::vector<Entry> entries;
    for (const FieldType& field : type.fields) {
      bool skipped = has(field.flags, FieldFlag::computed) || has(field.flags, FieldFlag::write_only) ||
                     field.type->kind == TypeKind::secret || has(field.flags, FieldFlag::sensitive);
      bool tag = field.type->kind == TypeKind::literal || has(field.flags, FieldFlag::identity);
      if (skipped || (!tag && coin(random_))) continue;
      bool null = !tag && below(random_, 12) == 0;
      entries.push_back({Value::string(field.name), null ? Value() : value(*field.type)});
    }
    return Value::record(std::move(entries));
  }

 private:
  std::vector<Value> items(const Type& type) {
    std::vector<Value> made;
    std::set<FieldStep, FieldSet::Less> keys;
    for (std::size_t left = below(random_, 4); left > 0; --left) {
      Value item = type.keys.empty() ? value(*type.element) : keyed_item(type);
      if (type.keys.empty() || keys.insert(item_step(type, item, 0)).second) made.push_back(std::move(item));
    }
    return made;
  }

  Value keyed_item(const Type& type) {
    Value item = record(*type.element);
    std::vector<Entry> entries(item.entries().begin(), item.entries().end());
    for (const std::string& key : type.keys)
      entries.push_back({Value::string(key), value(*type.element->field(key)->type)});
    return Value::record(std::move(entries));
  }

  Value map(const Type& type) {
    std::vector<Entry> entries;
    for (const char* key : {"a", "b", "x.y/z"}) {
      if (coin(random_)) entries.push_back({Value::string(key), value(*type.element)});
    }
    return Value::map(std::move(entries));
  }

  Random& random_;
};

/// JSON of a value with the freedom that the diff's rules give a server.
class Server {
 public:
  explicit Server(Random& random) : random_(random) {}

  Value served(const Value& value, bool keyed) {
    if (value.kind() == ValueKind::quantity) return quantity(value.as_quantity());
    if (value.kind() == ValueKind::duration) {
      std::string seconds = std::to_string(value.as_duration().nanoseconds / 1'000'000'000) + "s";
      return Value::string(coin(random_) ? seconds : value.as_duration().go_text());
    }
    if (value.is_sequence()) {
      std::vector<Value> items;
      for (const Value& item : value.items()) items.push_back(served(item, false));
      if (keyed || value.kind() == ValueKind::set) std::shuffle(items.begin(), items.end(), random_);
      return Value::list(std::move(items));
    }
    if (value.is_fields()) return fields(value);
    return *parse_json(to_json(value));
  }

 private:
  Value quantity(Quantity quantity) {
    Quantity::Nanos milli = quantity.nanos() / 1'000'000;
    return Value::string(coin(random_) ? quantity.text()
                                       : std::to_string(static_cast<std::int64_t>(milli)) + "m");
  }

  Value fields(const Value& value) {
    std::vector<Entry> entries;
    for (const Entry& entry : value.entries()) {
      bool keyed = entry.key.text() == "ports" || entry.key.text() == "containers";
      if (!entry.value.is_null()) entries.push_back({entry.key, served(entry.value, keyed)});
    }
    return Value::map(std::move(entries));
  }

  Random& random_;
};

using Path = std::span<const FieldStep>;

Value changed(const Value& value, const Type* declared, Path path, const std::optional<Value>& after);

Value changed_items(const Value& list, const Type& type, Path path, const std::optional<Value>& after) {
  const FieldStep& step = path.front();
  std::vector<Value> items;
  bool found = false;
  for (std::size_t i = 0; i < list.items().size(); ++i) {
    const Value& item = list.items()[i];
    bool here = step.kind == FieldStep::Kind::member ? item == step.member : item_step(type, item, i) == step;
    found = found || here;
    if (!here) items.push_back(item);
    bool goes = here && path.size() == 1 && !after;
    if (here && !goes) items.push_back(changed(item, type.element, path.subspan(1), after));
  }
  if (!found && after && step.kind == FieldStep::Kind::member) items.push_back(*after);
  if (!found && after && step.kind == FieldStep::Kind::key) {
    std::vector<Entry> keys;
    for (std::size_t i = 0; i < type.keys.size(); ++i) {
      bool text = type.element->field(type.keys[i])->type->kind == TypeKind::string;
      keys.push_back({Value::string(type.keys[i]),
                      text ? Value::string(step.key[i]) : Value::integer(std::stoll(step.key[i]))});
    }
    items.push_back(changed(Value::map(std::move(keys)), type.element, path.subspan(1), after));
  }
  return Value::list(std::move(items));
}

Value changed(const Value& value, const Type* declared, Path path, const std::optional<Value>& after) {
  if (path.empty()) return *parse_json(to_json(*after));
  static const Type json_type{};
  const Type& type = declared == nullptr ? json_type : plain_type(*declared);
  bool items =
      value.is_sequence() || (value.is_null() && (type.kind == TypeKind::list || type.kind == TypeKind::set));
  if (items) return changed_items(value.is_null() ? Value::list({}) : value, type, path, after);
  const FieldStep& step = path.front();
  const std::string& name = step.kind == FieldStep::Kind::key ? step.key.front() : step.name;
  std::vector<Entry> entries;
  Value inner;
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) {
      if (entry.key.text() == name) {
        inner = entry.value;
      } else {
        entries.push_back(entry);
      }
    }
  }
  bool goes = path.size() == 1 && !after;
  if (!goes)
    entries.push_back({Value::string(name), changed(inner, step_type(type, step), path.subspan(1), after)});
  return Value::map(std::move(entries));
}

}  // namespace

Value random_thing(Random& random, const ThingTypes& types) {
  return Generator(random).record(*types.thing().schema);
}

Value as_served(Random& random, const Value& thing) {
  Value served = Server(random).served(thing, false);
  std::vector<Entry> entries(served.entries().begin(), served.entries().end());
  entries.push_back({Value::string("host"), Value::string("h")});
  return Value::map(std::move(entries));
}

Value after_changes(const ResourceType& type, const Value& live, const DiffResult& result) {
  Value object = live;
  for (const FieldChange& change : result.fields)
    object = changed(object, type.schema, change.path.steps, change.after);
  return object;
}

}  // namespace carbon::test
