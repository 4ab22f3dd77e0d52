// Calls that may be made at some places only: `known`, `resources` and `meta` in policies, checks and tests,
// `ident`, `literal` and `literal_or_default` in the statements of resource types.

#include <fmt/format.h>

#include "dsl/check/lowering.h"

namespace carbon {

namespace {

std::string_view where_it_may(std::string_view function) {
  if (function == "known") return "only in policies, checks and tests";
  if (function == "resources" || function == "meta") return "only in policies and tests";
  return "only in the statements of a resource type";
}

}  // namespace

Lowered Lowering::special_call(std::string_view name, SourceSpan name_span, NodeRef node) {
  SourceSpan span{name_span.begin, node.span().end};
  bool whole = place_.judging() == Place::Judging::platform || place_.judging() == Place::Judging::test;
  if (!whole || (name != "resources" && name != "meta")) {
    error(DiagnosticCode::unknown_function, fmt::format("`{}` may not be called here", name), name_span,
          std::string(where_it_may(name)));
    return failed(span);
  }
  auto arguments = node.children(NodeKind::argument);
  if (arguments.count() != 1 || !arguments.at(0).word().empty()) {
    error(DiagnosticCode::wrong_arguments, fmt::format("`{}` takes one argument", name), span);
    return failed(span);
  }
  NodeRef argument = arguments.at(0).value();
  return name == "resources" ? resources_call(argument, span) : meta_call(argument, span);
}

/// A type is no value: the references are put into a slot before the expression is evaluated.
Lowered Lowering::resources_call(NodeRef argument, SourceSpan span) {
  const ResourceType* type = TypeLowering(session_, place_.package()).named(argument);
  if (type == nullptr) return failed(span);
  Expr& made = arena_.make(ExprKind::slot, span);
  made.slot = place_.query(*type);
  made.type = types_.list(session_.reference_to(*type));
  return make(made);
}

namespace {

TypePtr meta_type(TypeTable& types) {
  Type& made = types.make(TypeKind::record);
  TypePtr text = types.basic(TypeKind::string);
  for (std::string_view name : {"address", "type", "provider", "file"})
    made.fields.push_back({std::string(name), text, FieldFlag::required, ""});
  made.fields.push_back({"line", types.basic(TypeKind::integer), FieldFlag::required, ""});
  made.fields.push_back({"protect", types.basic(TypeKind::boolean), FieldFlag::required, ""});
  return &made;
}

}  // namespace

Lowered Lowering::meta_call(NodeRef argument, SourceSpan span) {
  Lowered object = lower(argument);
  if (object.failed) return failed(span);
  TypePtr type = object.type;
  bool resource =
      type != nullptr && type->kind == TypeKind::reference && !session_.component_types.contains(type);
  if (!resource) {
    error(DiagnosticCode::type_mismatch, "`meta` needs a resource", object.span,
          type != nullptr ? fmt::format("this is `{}`", to_string(*type)) : std::string());
    return failed(span);
  }
  Expr& made = arena_.make(ExprKind::member, span);
  made.name = meta_attribute;
  made.type = meta_type(types_);
  made.children.push_back(expr(object));
  return make(made);
}

}  // namespace carbon
