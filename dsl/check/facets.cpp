#include <fmt/format.h>

#include "dsl/check/lowering.h"

namespace carbon {

namespace {

/// Of what `min` and `max` are: a length for text and collections, else a value of the type itself.
TypePtr bound_type(const Type& type, TypeTable& types) {
  bool sized = type.kind == TypeKind::string || type.kind == TypeKind::list || type.kind == TypeKind::set ||
               type.kind == TypeKind::map;
  return types.basic(sized ? TypeKind::integer : type.kind);
}

bool may_have_facets(TypeKind kind) {
  switch (kind) {
    case TypeKind::string:
    case TypeKind::integer:
    case TypeKind::floating:
    case TypeKind::bytes:
    case TypeKind::cpu:
    case TypeKind::quantity:
    case TypeKind::duration:
    case TypeKind::list:
    case TypeKind::set:
    case TypeKind::map: return true;
    case TypeKind::boolean:
    case TypeKind::json:
    case TypeKind::blob:
    case TypeKind::int_or_string:
    case TypeKind::record:
    case TypeKind::literal:
    case TypeKind::union_:
    case TypeKind::optional:
    case TypeKind::secret:
    case TypeKind::reference: return false;
  }
  return false;
}

}  // namespace

TypePtr TypeLowering::with_facets(TypePtr base, NodeRef facets) {
  if (!may_have_facets(base->kind)) {
    session_.error(DiagnosticCode::wrong_arguments, fmt::format("`{}` takes no limits", to_string(*base)),
                   facets.span());
    return base;
  }
  Type& made = session_.types.make(base->kind);
  made = *base;
  Place constants(session_);
  Lowering lowering(constants, *session_.program.expressions);
  for (NodeRef argument : facets.children(NodeKind::argument)) {
    std::string_view name = argument.word();
    bool pattern = name == "pattern" && base->kind == TypeKind::string;
    if (!pattern && name != "min" && name != "max") {
      Diagnostic& error =
          session_.error(DiagnosticCode::wrong_arguments,
                         fmt::format("`{}` has no limit `{}`", to_string(*base), name), argument.span());
      session_.suggest(error, name, argument.word_span(), {"min", "max", "pattern"});
      continue;
    }
    TypePtr type = pattern ? session_.types.checked(CheckedString::regex) : bound_type(*base, session_.types);
    Lowered value = lowering.lower(argument.value(), type);
    if (!value.is_constant()) {
      if (!value.failed)
        session_.error(DiagnosticCode::wrong_arguments, "a limit must be a constant", argument.span());
      continue;
    }
    if (pattern) made.facets.pattern = std::string(value.constant.text());
    if (name == "min") made.facets.min = value.constant.with_origin(0);
    if (name == "max") made.facets.max = value.constant.with_origin(0);
  }
  return &made;
}

}  // namespace carbon
