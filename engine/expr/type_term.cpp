#include "engine/expr/type_term.h"

#include <algorithm>
#include <string>

namespace carbon {

namespace {

bool is_literal(TypePtr type) { return type->kind == TypeKind::literal; }

/// Whether a value of this scalar kind can still fail or change.
bool has_work(const Type& type) {
  bool facets = type.facets.min || type.facets.max || !type.facets.pattern.empty();
  switch (type.kind) {
    case TypeKind::floating:
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity:
    case TypeKind::duration:
    case TypeKind::literal: return true;
    case TypeKind::string: return facets || type.checked != CheckedString::none;
    case TypeKind::integer: return facets;
    case TypeKind::union_: return std::all_of(type.alternatives.begin(), type.alternatives.end(), is_literal);
    case TypeKind::boolean:
    case TypeKind::json:
    case TypeKind::blob:
    case TypeKind::int_or_string:
    case TypeKind::list:
    case TypeKind::set:
    case TypeKind::map:
    case TypeKind::record:
    case TypeKind::optional:
    case TypeKind::secret:
    case TypeKind::reference: return false;
  }
  return false;
}

std::string basic_name(const Type& type) {
  Type bare;
  bare.kind = type.kind;
  bare.checked = type.checked;
  return to_string(bare);
}

}  // namespace

std::optional<Value> describe_type(const Type& type) {
  bool optional = type.kind == TypeKind::optional;
  const Type& inner = optional ? *type.element : type;
  if (!has_work(inner)) return std::nullopt;
  std::vector<Entry> out;
  auto add = [&](std::string_view name, Value value) {
    out.push_back({Value::string(name), std::move(value)});
  };
  if (optional) add("optional", Value::boolean(true));
  if (inner.kind == TypeKind::literal || inner.kind == TypeKind::union_) {
    std::vector<Value> literals;
    if (inner.kind == TypeKind::literal) literals.push_back(Value::string(inner.name));
    for (TypePtr alternative : inner.alternatives) literals.push_back(Value::string(alternative->name));
    add("one_of", Value::list(std::move(literals)));
    return Value::record(std::move(out));
  }
  add("type", Value::string(basic_name(inner)));
  if (inner.facets.min) add("min", *inner.facets.min);
  if (inner.facets.max) add("max", *inner.facets.max);
  if (!inner.facets.pattern.empty()) add("pattern", Value::string(inner.facets.pattern));
  return Value::record(std::move(out));
}

DescribedType::DescribedType(const Value& description) {
  static const TypeTable basics;
  Type& outer = types_.emplace_back();
  bool optional = description.find("optional") != nullptr;
  Type& inner = optional ? types_.emplace_back() : outer;
  if (optional) {
    outer.kind = TypeKind::optional;
    outer.element = &inner;
  }
  const Value* literals = description.find("one_of");
  if (literals != nullptr && literals->is_sequence()) {
    inner.kind = TypeKind::union_;
    for (const Value& text : literals->items()) {
      if (!text.is_string()) continue;
      Type& literal = types_.emplace_back();
      literal.kind = TypeKind::literal;
      literal.name = text.text();
      inner.alternatives.push_back(&literal);
    }
    return;
  }
  const Value* name = description.find("type");
  TypePtr basic = name != nullptr && name->is_string() ? find_basic(basics, name->text()) : nullptr;
  if (basic != nullptr) inner = *basic;
  if (const Value* min = description.find("min")) inner.facets.min = *min;
  if (const Value* max = description.find("max")) inner.facets.max = *max;
  const Value* pattern = description.find("pattern");
  if (pattern != nullptr && pattern->is_string()) inner.facets.pattern = pattern->text();
}

}  // namespace carbon
