#include "dsl/check/operations.h"

#include <fmt/format.h>
#include <algorithm>

#include "dsl/check/settings.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

bool is_string(NodeRef node) {
  return node.is(NodeKind::string) || node.is(NodeKind::multiline) || node.is(NodeKind::raw_string) ||
         node.is(NodeKind::raw_multiline);
}

/// `ident(…)` or `literal(…)`: the only two that quote by the rules of SQL.
bool quotes(NodeRef node) {
  if (!node.is(NodeKind::postfix) || node.children().count() != 2) return false;
  std::string_view name = node.children().at(0).text();
  return node.children().at(1).is(NodeKind::call) && (name == "ident" || name == "literal");
}

}  // namespace

OperationLowering::OperationLowering(Session& session, const ResourceType& type)
    : session_(session), schema_(*type.schema), arena_(session.input.types.expressions()) {
  Type& view = session.types.make(TypeKind::record);
  Type& identity = session.types.make(TypeKind::record);
  Type& taken = session.types.make(TypeKind::record);
  view.name = taken.name = schema_.name;
  identity.name = fmt::format("identity of {}", schema_.name);
  for (const FieldType& field : schema_.fields) {
    TypePtr bare = field.type->kind == TypeKind::optional ? field.type->element : field.type;
    bool identifies = std::any_of(type.identity.begin(), type.identity.end(), [&](const FieldPath& path) {
      return path.steps.front().name == field.name;
    });
    view.fields.push_back({field.name, bare, FieldFlag::none, ""});
    if (identifies) identity.fields.push_back({field.name, bare, FieldFlag::none, ""});
    taken.fields.push_back({field.name, session.types.optional(bare), FieldFlag::none, ""});
  }
  view_ = &view;
  identity_ = &identity;
  taken_ = &taken;
}

/// What the connector has at hand when it runs the statements of an operation.
OperationLowering::Names OperationLowering::names_of(OperationVerb verb) const {
  switch (verb) {
    case OperationVerb::read: return {identity_, nullptr, false};
    case OperationVerb::create: return {view_, nullptr, false};
    case OperationVerb::update: return {view_, view_, false};
    case OperationVerb::delete_: return {identity_, view_, false};
  }
  return {};
}

void OperationLowering::bind(Place& place, Names names) const {
  // In the order of OperationSlot.
  constexpr std::string_view nameless;
  (void)place.bind_hidden("self", names.self);
  (void)place.bind_hidden(names.live != nullptr ? "live" : nameless, names.live);
  (void)place.bind_hidden(names.rows ? "row" : nameless, nullptr);
  (void)place.bind_hidden(names.rows ? "rows" : nameless,
                          session_.types.list(session_.basic(TypeKind::json)));
}

const Expr* OperationLowering::expression(NodeRef node, Names names, TypePtr expected) {
  Place place(session_);
  bind(place, names);
  Lowering lowering(place, arena_);
  return lowering.expr(lowering.lower(node, expected));
}

const Expr* OperationLowering::of_identity(NodeRef node) {
  return expression(node, names_of(OperationVerb::read));
}

const Expr* OperationLowering::self_default(NodeRef node, TypePtr expected, std::uint32_t& locals) {
  Place place(session_);
  (void)place.bind_hidden("self", view_);
  Lowering lowering(place, arena_);
  const Expr* made = lowering.expr(lowering.lower(node, expected));
  locals = place.slots();
  return made;
}

void OperationLowering::operation(NodeRef setting, OperationVerb verb, SqlOperation& made) {
  made.span = setting.word_span();
  NodeRef body;
  for (NodeRef argument : setting.children(NodeCategory::expression)) {
    if (argument.is(NodeKind::body)) {
      body = argument;
      continue;
    }
    auto path = FieldPath::parse(argument.text());
    bool known = path && !path->steps.empty() && schema_.field(path->steps.front().name) != nullptr;
    if (known) {
      made.fields.push_back(std::move(*path));
    } else {
      session_.error(DiagnosticCode::unknown_field,
                     fmt::format("`{}` has no field `{}`", schema_.name, argument.text()), argument.span());
    }
  }
  if (!body) {
    session_.error(DiagnosticCode::setting_arguments, fmt::format("`{}` needs `{{ … }}`", setting.word()),
                   setting.span());
    return;
  }
  for (NodeRef item : body.children(NodeCategory::item)) {
    if (item.is(NodeKind::setting)) continue;
    session_.error(DiagnosticCode::expected_token, "an operation has steps, no fields", item.span());
  }
  std::size_t before = session_.sink.error_count();
  for (NodeRef step : read_settings(session_, body, SettingPlace::operation, nullptr))
    this->step(step, verb, made);
  if (made.steps.empty() && session_.sink.error_count() == before)
    session_.error(DiagnosticCode::bad_type_declaration, fmt::format("`{}` has no step", setting.word()),
                   setting.word_span());
}

void OperationLowering::misplaced(NodeRef setting, std::string why) {
  session_.error(DiagnosticCode::bad_type_declaration, std::move(why), setting.span());
}

void OperationLowering::step(NodeRef setting, OperationVerb verb, SqlOperation& made) {
  std::string_view word = setting.word();
  if (word == "query" || word == "exec") {
    statement(setting, verb, made);
  } else if (word == "outside_transaction") {
    if (verb == OperationVerb::read) {
      misplaced(setting, "a `read` is one READ ONLY transaction");
    } else if (made.steps.empty()) {
      session_.error(DiagnosticCode::setting_arguments,
                     "`outside_transaction` stands behind the step that it marks", setting.span());
    } else {
      made.steps.back().outside_transaction = true;
    }
  } else if (word == "take") {
    take(setting, verb, made);
  } else if (word == "absent") {
    if (verb != OperationVerb::read) return misplaced(setting, "`absent when` stands in `read`");
    NodeRef when = setting.child(NodeKind::when_clause);
    made.absent = expression(when.value(), {identity_, nullptr, true}, session_.basic(TypeKind::boolean));
  } else {
    session_.error(DiagnosticCode::not_yet_supported, fmt::format("`{}` is not supported yet", word),
                   setting.span());
  }
}

void OperationLowering::statement(NodeRef setting, OperationVerb verb, SqlOperation& made) {
  bool query = setting.word() == "query";
  if (!query && verb == OperationVerb::read) return misplaced(setting, "a `read` may only `query`");
  Names names = names_of(verb);
  SqlStep& step = made.steps.emplace_back();
  step.kind = query ? SqlStep::Kind::query : SqlStep::Kind::exec;
  step.span = setting.span();
  auto arguments = setting.children(NodeCategory::expression);
  step.text = sql_text(arguments.at(0), names);
  for (std::size_t i = 1; i < arguments.count(); ++i)
    step.arguments.push_back(expression(arguments.at(i), names));
  if (NodeRef when = setting.child(NodeKind::when_clause))
    step.when = expression(when.value(), names, session_.basic(TypeKind::boolean));
}

void OperationLowering::take(NodeRef setting, OperationVerb verb, SqlOperation& made) {
  NodeRef value = setting.value();
  bool as_read = value.is(NodeKind::name) && value.text() == "read";
  if (verb == OperationVerb::create || verb == OperationVerb::update) {
    // What was written is always read back by the type's own `read`.
    if (!as_read)
      session_.error(DiagnosticCode::not_yet_supported,
                     "`take` of anything but `read` is not supported yet here", setting.span());
    return;
  }
  if (verb == OperationVerb::delete_) return misplaced(setting, "a `delete` has nothing to take");
  if (as_read) return misplaced(setting, "a `read` says itself what it takes: `take row`");
  Names names{identity_, nullptr, true};
  if (!value.is(NodeKind::body)) {
    made.take = expression(value, names, taken_);
    return;
  }
  Place place(session_);
  bind(place, names);
  Lowering lowering(place, arena_);
  made.take = lowering.expr(lowering.lower_body(value, taken_, BodyMode::taken));
}

const Expr* OperationLowering::sql_text(NodeRef node, Names names) {
  if (!is_string(node)) {
    session_.error(DiagnosticCode::sql_interpolation, "the text of a statement must be a literal",
                   node.span());
    return nullptr;
  }
  for (const StringPart& part : string_parts(node)) {
    if (!part.expression || quotes(part.expression)) continue;
    Diagnostic& made = session_.error(DiagnosticCode::sql_interpolation,
                                      "only `ident(…)` and `literal(…)` may be interpolated into SQL",
                                      part.expression.span());
    made.helps.push_back({"bind the value: write `$1` and put it behind the text", {}});
    return nullptr;
  }
  return expression(node, names);
}

}  // namespace carbon
