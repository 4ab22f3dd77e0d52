// Names, and what stands behind them: `.field`, `?.field`, `[key]`, `(arguments)`.

#include <fmt/format.h>

#include "base/field_path.h"
#include "dsl/check/lowering.h"
#include "dsl/syntax/literal.h"

namespace carbon {

Lowered Lowering::name(NodeRef node) { return name(node, place_.resolve(node.text(), node.span())); }

Lowered Lowering::name(NodeRef node, const Resolved& found) {
  std::string_view text = node.text();
  if (found.kind == Resolved::Kind::value) {
    Expr& made = arena_.make(ExprKind::slot, node.span());
    made.depth = found.depth;
    made.slot = found.slot;
    made.type = found.type;
    return make(made);
  }
  if (found.kind == Resolved::Kind::function || session_.input.functions.find(text) != nullptr) {
    error(DiagnosticCode::type_mismatch, fmt::format("`{}` is a function: call it", text), node.span());
  } else if (found.kind == Resolved::Kind::package || text == "secret") {
    error(DiagnosticCode::type_mismatch, fmt::format("`{}` is no value", text), node.span(),
          "a name in it is needed");
  } else {
    place_.report_unknown(text, node.span());
  }
  return failed(node.span());
}

/// `package.name`, `package.fn(…)`, `secret.env(…)`, `fn(…)`: names that are no values by themselves. `used`
/// is the number of parts behind the first that are consumed; 0 when the first part is an ordinary value,
/// which is given then.
Lowered Lowering::qualified(NodeRef node, const std::vector<NodeRef>& parts, std::size_t& used) {
  NodeRef first = parts.front();
  NodeRef second = parts[1];
  std::string_view text = first.text();
  Resolved found = place_.resolve(text, first.span());
  bool calls = second.is(NodeKind::call);
  SourceSpan span{node.span().begin, second.span().end};
  if (found.kind == Resolved::Kind::function && calls) {
    used = 1;
    return user_call(session_.functions[found.index], second, span);
  }
  if (found.kind == Resolved::Kind::nothing && calls) {
    used = 1;
    return call(text, first.span(), second);
  }
  bool then_call = parts.size() > 2 && parts[2].is(NodeKind::call);
  if (found.kind == Resolved::Kind::nothing && text == "secret" && second.is(NodeKind::member) && then_call) {
    used = 2;
    return secret_call(second, parts[2], {node.span().begin, parts[2].span().end});
  }
  if (found.kind != Resolved::Kind::package || !second.is(NodeKind::member)) return name(first, found);
  used = 1;
  const PackageEntry& package = session_.imported[found.index];
  Resolved inside = place_.resolve_in(package, second.word(), second.word_span());
  if (inside.kind == Resolved::Kind::function && then_call) {
    used = 2;
    return user_call(session_.functions[inside.index], parts[2], {node.span().begin, parts[2].span().end});
  }
  if (inside.kind != Resolved::Kind::value) {
    error(DiagnosticCode::unknown_name, fmt::format("package `{}` has no value `{}`", text, second.word()),
          second.word_span());
    return failed(span);
  }
  Expr& made = arena_.make(ExprKind::slot, span);
  made.depth = inside.depth;
  made.slot = inside.slot;
  made.type = inside.type;
  return make(made);
}

Lowered Lowering::postfix(NodeRef node) {
  std::vector<NodeRef> parts;
  for (NodeRef child : node.children()) parts.push_back(child);
  Lowered current;
  std::size_t used = 0;
  bool named = parts.front().is(NodeKind::name) && parts.size() > 1;
  current = named ? qualified(node, parts, used) : lower_any(parts.front(), nullptr);
  for (std::size_t i = used + 1; i < parts.size() && !current.failed; ++i) {
    NodeRef part = parts[i];
    if (part.is(NodeKind::index)) {
      current = index(std::move(current), part);
    } else if (part.is(NodeKind::call)) {
      error(DiagnosticCode::unknown_function, "only functions can be called", part.span());
      return failed(node.span());
    } else {
      current = member(std::move(current), part);
    }
  }
  return current;
}

Lowered Lowering::longer(const Lowered& object, std::string_view step, TypePtr type, SourceSpan span) {
  Expr& made = arena_.make(ExprKind::member, span);
  made.name = fmt::format("{}{}{}", object.expr->name, step.starts_with('[') ? "" : ".", step);
  made.type = type;
  made.children = object.expr->children;
  Lowered lowered = make(made);
  lowered.attribute = true;
  return lowered;
}

namespace {

/// The type of a field that every record of a union has; nullptr when one has it not.
TypePtr common_field(TypeTable& types, const Type& type, std::string_view name) {
  TypePtr common = nullptr;
  if (type.kind != TypeKind::union_) return nullptr;
  for (TypePtr one : type.alternatives) {
    const FieldType* field = one->field(name);
    if (field == nullptr) return nullptr;
    common = common == nullptr ? field->type : known(types, common_type(types, common, field->type));
  }
  return common;
}

}  // namespace

/// The type of `.name`; nullptr type where only the value will tell.
TypePtr Lowering::member_type(const Lowered& object, TypePtr type, NodeRef part, bool& bad) {
  std::string_view name = part.word();
  if (type == nullptr || type->kind == TypeKind::json) return type;
  TypePtr record = type;
  std::vector<std::string_view> near;
  if (type->kind == TypeKind::reference) {
    auto component = session_.component_types.find(type);
    if (component != session_.component_types.end()) {
      for (const Declaration& output : component->second->scope.declarations) {
        if (output.kind != DeclarationKind::output) continue;
        if (output.name == name) {
          session_.index_name(part.word_span(), output.span, output.type);
          return output.type;
        }
        near.push_back(output.name);
      }
      // A test may look at what stands inside.
      for (const Declaration& inner : component->second->scope.declarations) {
        bool seen = place_.judging() == Place::Judging::test && inner.instance != nullptr;
        if (!seen || inner.name != name) continue;
        session_.index_name(part.word_span(), inner.span, inner.type);
        return inner.type;
      }
    }
    record = component != session_.component_types.end() ? nullptr : session_.schema_of(type);
  }
  if (record != nullptr && record->kind == TypeKind::record) {
    if (const FieldType* field = record->field(name)) {
      if (session_.input.index != nullptr) session_.input.index->field(part.word_span(), record);
      return field->type;
    }
    if (record->open != nullptr) return record->open;
    for (const FieldType& field : record->fields) near.push_back(field.name);
  }
  if (TypePtr common = common_field(types_, *type, name)) return common;
  bad = true;
  Diagnostic& made =
      error(DiagnosticCode::unknown_field, fmt::format("`{}` has no field `{}`", to_string(*type), name),
            part.word_span(), "unknown field");
  if (type->kind == TypeKind::map)
    made.helps.push_back(
        {fmt::format("write `{}[\"{}\"]`", session_.input.sources.text(object.span), name), {}});
  session_.suggest(made, name, part.word_span(), near);
  return nullptr;
}

Lowered Lowering::member(Lowered object, NodeRef part) {
  SourceSpan span{object.span.begin, part.span().end};
  bool safe = part.is(NodeKind::safe_member);
  TypePtr type = object.type;
  bool maybe = type != nullptr && type->kind == TypeKind::optional;
  if (maybe && !safe) {
    Diagnostic& made =
        error(DiagnosticCode::may_be_absent,
              fmt::format("`{}` may be absent", session_.input.sources.text(object.span)), part.word_span());
    made.helps.push_back(
        {fmt::format("`{}?.{} ?? …`", session_.input.sources.text(object.span), part.word()), {}});
    return failed(span);
  }
  if (maybe) type = type->element;
  if (session_.input.index != nullptr && session_.input.index->watches(part.word_span()))
    session_.input.index->cursor().object = type;
  if (type != nullptr && type->kind == TypeKind::secret) {
    error(DiagnosticCode::secret_decides, "a secret has no fields that can be read", part.word_span());
    return failed(span);
  }
  bool bad = false;
  TypePtr result = member_type(object, type, part, bad);
  if (bad) return failed(span);
  if (object.attribute && !safe) return longer(object, part.word(), result, span);
  Expr& made = arena_.make(safe ? ExprKind::safe_member : ExprKind::member, span);
  made.name = std::string(part.word());
  made.type = result;
  if (maybe && result != nullptr && result->kind != TypeKind::optional && result->kind != TypeKind::json)
    made.type = types_.optional(result);
  made.children.push_back(expr(object));
  Lowered lowered = make(made);
  bool resource =
      type != nullptr && type->kind == TypeKind::reference && !session_.component_types.contains(type);
  lowered.attribute = resource && !safe;
  return lowered;
}

Lowered Lowering::index(Lowered object, NodeRef part) {
  SourceSpan span{object.span.begin, part.span().end};
  TypePtr type = object.type;
  Lowered key = lower(part.value());
  if (key.failed) return failed(span);
  if (type != nullptr && type->kind == TypeKind::optional) {
    error(DiagnosticCode::may_be_absent,
          fmt::format("`{}` may be absent", session_.input.sources.text(object.span)), object.span)
        .helps.push_back({"test it with `if x != null`, or give it a value with `?? …`", {}});
    return failed(span);
  }
  bool constant_name = key.is_constant() && key.constant.is_string();
  TypePtr result = nullptr;
  if (type != nullptr) {
    bool fields = type->kind == TypeKind::map || type->kind == TypeKind::record;
    bool items = type->kind == TypeKind::list || type->kind == TypeKind::set;
    if (!fields && !items && type->kind != TypeKind::json) {
      error(DiagnosticCode::type_mismatch,
            fmt::format("`[…]` needs a map or a list, found `{}`", to_string(*type)), object.span);
      return failed(span);
    }
    if (type->kind == TypeKind::record && constant_name) {
      const FieldType* field = type->field(key.constant.text());
      if (field == nullptr && type->open == nullptr) {
        Diagnostic& made =
            error(DiagnosticCode::missing_key, fmt::format("there is no key `{}`", key.constant.text()),
                  key.span, "missing");
        std::vector<std::string_view> near;
        for (const FieldType& each : type->fields) near.push_back(each.name);
        session_.suggest(made, key.constant.text(), {key.span.begin + 1, key.span.end - 1}, near);
        return failed(span);
      }
      result = field != nullptr ? field->type : type->open;
    } else if (type->kind == TypeKind::record) {
      for (std::size_t i = 0; i < type->fields.size(); ++i)
        result = i == 0 ? type->fields[i].type : common_type(types_, result, type->fields[i].type);
    } else {
      result = type->kind == TypeKind::json ? type : type->element;
    }
    key = fit(std::move(key), items ? session_.basic(TypeKind::integer) : nullptr);
    if (key.failed) return failed(span);
  }
  bool map = type != nullptr && (type->kind == TypeKind::map || type->kind == TypeKind::record);
  if (object.attribute && constant_name && map) {
    std::string step = FieldPath{{FieldStep::field(std::string(key.constant.text()))}}.text();
    return longer(object, step, result, span);
  }
  Expr& made = arena_.make(ExprKind::index, span);
  made.type = result;
  made.children = {expr(object), expr(key)};
  return make(made);
}

}  // namespace carbon
