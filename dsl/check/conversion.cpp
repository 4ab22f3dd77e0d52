#include <algorithm>

#include "dsl/check/lowering.h"

namespace carbon {

namespace {

/// The worse of two, in the order of the enum.
Conversion worse(Conversion a, Conversion b) { return std::max(a, b); }

bool plain(const Type& type) {
  return type.checked == CheckedString::none && !type.facets.min && !type.facets.max &&
         type.facets.pattern.empty();
}

bool is_text(TypePtr type) {
  if (type->kind == TypeKind::string || type->kind == TypeKind::literal) return true;
  if (type->kind != TypeKind::union_) return false;
  return std::all_of(type->alternatives.begin(), type->alternatives.end(), is_text);
}

Conversion to_text(TypePtr from, const Type& to) {
  if (!is_text(from)) return Conversion::mismatch;
  if (plain(to)) return Conversion::none;
  bool same =
      from->checked == to.checked && plain(*from) == plain(to) && from->facets.pattern == to.facets.pattern;
  bool only_checked = to.facets.pattern.empty() && !to.facets.min && !to.facets.max;
  return same && only_checked ? Conversion::none : Conversion::checked;
}

Conversion to_union(TypePtr from, const Type& to) {
  bool of_text = !to.alternatives.empty() && to.alternatives.front()->kind == TypeKind::literal;
  if (!of_text)
    return from->kind == TypeKind::record || from->kind == TypeKind::union_ ? Conversion::checked
                                                                            : Conversion::mismatch;
  if (!is_text(from)) return Conversion::mismatch;
  if (from->kind == TypeKind::string) return Conversion::checked;
  auto listed = [&](TypePtr literal) {
    return std::any_of(to.alternatives.begin(), to.alternatives.end(),
                       [&](TypePtr one) { return one->name == literal->name; });
  };
  if (from->kind == TypeKind::literal) return listed(from) ? Conversion::none : Conversion::mismatch;
  bool all = std::all_of(from->alternatives.begin(), from->alternatives.end(), listed);
  return all ? Conversion::none : Conversion::checked;
}

Conversion to_record(TypePtr from, const Type& to) {
  if (from->kind == TypeKind::map) {
    return to.open != nullptr && to.fields.empty()
               ? worse(Conversion::checked, conversion(from->element, to.open))
               : Conversion::mismatch;
  }
  if (from->kind != TypeKind::record) return Conversion::mismatch;
  Conversion all = Conversion::none;
  for (const FieldType& field : from->fields) {
    const FieldType* wanted = to.field(field.name);
    TypePtr type = wanted != nullptr ? wanted->type : to.open;
    if (type == nullptr) return Conversion::mismatch;
    // A field that may be left out may be handed on where it may be left out too.
    bool both = field.type != nullptr && field.type->kind == TypeKind::optional && wanted != nullptr &&
                !has(wanted->flags, FieldFlag::required);
    all = worse(all, conversion(both ? field.type->element : field.type, type));
  }
  for (const FieldType& field : to.fields) {
    bool missing = has(field.flags, FieldFlag::required) && from->field(field.name) == nullptr;
    if (missing) return from->open != nullptr ? worse(all, Conversion::checked) : Conversion::mismatch;
  }
  return all;
}

Conversion to_map(TypePtr from, const Type& to) {
  if (from->kind == TypeKind::map) return conversion(from->element, to.element);
  if (from->kind != TypeKind::record) return Conversion::mismatch;
  Conversion all = Conversion::checked;
  for (const FieldType& field : from->fields) all = worse(all, conversion(field.type, to.element));
  return all;
}

Conversion to_sequence(TypePtr from, const Type& to) {
  bool list_to_set = from->kind == TypeKind::list && to.kind == TypeKind::set;
  if (from->kind != to.kind && !list_to_set) return Conversion::mismatch;
  Conversion items = conversion(from->element, to.element);
  bool must_look = list_to_set || !to.keys.empty() || !plain(to);
  return must_look ? worse(items, Conversion::checked) : items;
}

/// json takes everything but secrets and references.
Conversion to_json(TypePtr from) {
  if (from == nullptr) return Conversion::checked;
  switch (from->kind) {
    case TypeKind::reference: return Conversion::mismatch;
    case TypeKind::secret: return Conversion::leak;
    case TypeKind::optional:
    case TypeKind::list:
    case TypeKind::set:
    case TypeKind::map: return to_json(from->element);
    case TypeKind::record: {
      Conversion all = Conversion::none;
      for (const FieldType& field : from->fields) all = worse(all, to_json(field.type));
      return all;
    }
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity:
    case TypeKind::duration: return Conversion::checked;
    case TypeKind::string:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::boolean:
    case TypeKind::json:
    case TypeKind::blob:
    case TypeKind::int_or_string:
    case TypeKind::literal:
    case TypeKind::union_: return Conversion::none;
  }
  return Conversion::none;
}

Conversion to_quantity(TypeKind from) {
  if (from == TypeKind::quantity || from == TypeKind::bytes || from == TypeKind::cpu) return Conversion::none;
  return from == TypeKind::integer ? Conversion::checked : Conversion::mismatch;
}

Conversion to_scalar(TypePtr from, const Type& to) {
  if (from->kind != to.kind) return Conversion::mismatch;
  return plain(to) ? Conversion::none : Conversion::checked;
}

Conversion to_plain(TypePtr from, const Type& to) {
  switch (to.kind) {
    case TypeKind::string: return to_text(from, to);
    case TypeKind::literal:
    case TypeKind::union_: {
      if (to.kind == TypeKind::union_) return to_union(from, to);
      if (from->kind == TypeKind::string) return Conversion::checked;
      return from->kind == TypeKind::literal && from->name == to.name ? Conversion::none
                                                                      : Conversion::mismatch;
    }
    case TypeKind::quantity: return to_quantity(from->kind);
    case TypeKind::int_or_string:
      return from->kind == TypeKind::integer || from->kind == to.kind || is_text(from) ? Conversion::none
                                                                                       : Conversion::mismatch;
    case TypeKind::list:
    case TypeKind::set: return to_sequence(from, to);
    case TypeKind::map: return to_map(from, to);
    case TypeKind::record: return to_record(from, to);
    case TypeKind::reference:
      return from->kind == TypeKind::reference && from->name == to.name ? Conversion::none
                                                                        : Conversion::mismatch;
    case TypeKind::json: return to_json(from);
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::boolean:
    case TypeKind::blob:
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::duration: return to_scalar(from, to);
    case TypeKind::optional:
    case TypeKind::secret: break;  // taken off by the caller
  }
  return Conversion::mismatch;
}

}  // namespace

TypePtr known(TypeTable& types, TypePtr type) { return type != nullptr ? type : types.basic(TypeKind::json); }

TypePtr bare(TypePtr type) {
  while (type != nullptr && (type->kind == TypeKind::optional || type->kind == TypeKind::secret))
    type = type->element;
  return type;
}

bool is_secret(TypePtr type) {
  while (type != nullptr && type->kind == TypeKind::optional) type = type->element;
  return type != nullptr && type->kind == TypeKind::secret;
}

Conversion conversion(TypePtr from, TypePtr to) {
  if (to == nullptr || from == to) return Conversion::none;
  if (from == nullptr) return Conversion::checked;
  if (to->kind == TypeKind::optional)
    return conversion(from->kind == TypeKind::optional ? from->element : from, to->element);
  if (from->kind == TypeKind::optional && to->kind != TypeKind::json) return Conversion::absent;
  if (to->kind == TypeKind::secret)
    return conversion(from->kind == TypeKind::secret ? from->element : from, to->element);
  if (from->kind == TypeKind::secret) return Conversion::leak;
  if (to->kind == TypeKind::json) return to_json(from);
  if (from->kind == TypeKind::json) return Conversion::checked;
  return to_plain(from, *to);
}

TypePtr common_type(TypeTable& types, TypePtr a, TypePtr b) {
  if (a == b || a == nullptr || b == nullptr) return a == b ? a : nullptr;
  if (a->kind == TypeKind::optional || b->kind == TypeKind::optional) {
    TypePtr inner = common_type(types, a->kind == TypeKind::optional ? a->element : a,
                                b->kind == TypeKind::optional ? b->element : b);
    return inner == nullptr ? nullptr : types.optional(inner);
  }
  if (a->kind == TypeKind::secret || b->kind == TypeKind::secret) {
    TypePtr inner = common_type(types, bare(a), bare(b));
    return inner == nullptr ? nullptr : types.secret(inner);
  }
  if (is_text(a) && is_text(b)) return types.basic(TypeKind::string);
  if (a->kind != b->kind) return nullptr;
  bool nested = a->kind == TypeKind::list || a->kind == TypeKind::set || a->kind == TypeKind::map;
  if (nested) {
    TypePtr element = known(types, common_type(types, a->element, b->element));
    if (a->kind == TypeKind::list) return types.list(element);
    return a->kind == TypeKind::set ? types.set(element) : types.map(element);
  }
  if (a->kind == TypeKind::reference) return a->name == b->name ? a : nullptr;
  if (a->kind != TypeKind::record) return types.basic(a->kind);
  if (a->open != nullptr || b->open != nullptr) return nullptr;
  Type& merged = types.make(TypeKind::record);
  auto optional = [&](TypePtr type) {
    return type->kind == TypeKind::optional ? type : types.optional(type);
  };
  for (const FieldType& field : a->fields) {
    const FieldType* other = b->field(field.name);
    FieldType made = field;
    made.type =
        other != nullptr ? known(types, common_type(types, field.type, other->type)) : optional(field.type);
    made.flags = other != nullptr ? field.flags : FieldFlag::none;
    merged.fields.push_back(std::move(made));
  }
  for (const FieldType& field : b->fields) {
    if (a->field(field.name) != nullptr) continue;
    merged.fields.push_back({field.name, optional(field.type), FieldFlag::none, field.doc});
  }
  return &merged;
}

}  // namespace carbon
