#include "dsl/check/operations.h"

#include <fmt/format.h>

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

OperationLowering::OperationLowering(Session& session, const Type& schema)
    : session_(session), schema_(schema), arena_(session.input.types.expressions()) {
  Type& view = session.types.make(TypeKind::record);
  Type& taken = session.types.make(TypeKind::record);
  view.name = taken.name = schema.name;
  for (const FieldType& field : schema.fields) {
    TypePtr bare = field.type->kind == TypeKind::optional ? field.type->element : field.type;
    view.fields.push_back({field.name, bare, FieldFlag::none, ""});
    taken.fields.push_back({field.name, session.types.optional(bare), FieldFlag::none, ""});
  }
  view_ = &view;
  taken_ = &taken;
}

void OperationLowering::bind(Place& place) {
  // In the order of OperationSlot.
  (void)place.bind_hidden("self", view_);
  (void)place.bind_hidden("live", view_);
  (void)place.bind_hidden("row", nullptr);
  (void)place.bind_hidden("rows", session_.types.list(session_.basic(TypeKind::json)));
  (void)place.bind_hidden("item", nullptr);
}

const Expr* OperationLowering::expression(NodeRef node, TypePtr expected) {
  Place place(session_);
  bind(place);
  Lowering lowering(place, arena_);
  return lowering.expr(lowering.lower(node, expected));
}

const Expr* OperationLowering::self_default(NodeRef node, TypePtr expected, std::uint32_t& locals) {
  Place place(session_);
  (void)place.bind_hidden("self", view_);
  Lowering lowering(place, arena_);
  const Expr* made = lowering.expr(lowering.lower(node, expected));
  locals = place.slots();
  return made;
}

void OperationLowering::operation(NodeRef setting, SqlOperation& made) {
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
  for (NodeRef step : read_settings(session_, body, SettingPlace::operation, nullptr)) this->step(step, made);
  if (made.steps.empty())
    session_.error(DiagnosticCode::bad_type_declaration, fmt::format("`{}` has no step", setting.word()),
                   setting.word_span());
}

void OperationLowering::step(NodeRef setting, SqlOperation& made) {
  std::string_view word = setting.word();
  TypePtr boolean = session_.basic(TypeKind::boolean);
  NodeRef when = setting.child(NodeKind::when_clause);
  if (word == "query" || word == "exec") {
    SqlStep& step = made.steps.emplace_back();
    step.kind = word == "query" ? SqlStep::Kind::query : SqlStep::Kind::exec;
    step.span = setting.span();
    auto arguments = setting.children(NodeCategory::expression);
    step.text = sql_text(arguments.at(0));
    for (std::size_t i = 1; i < arguments.count(); ++i) step.arguments.push_back(expression(arguments.at(i)));
    if (when) step.when = expression(when.value(), boolean);
  } else if (word == "outside_transaction") {
    if (made.steps.empty()) {
      session_.error(DiagnosticCode::setting_arguments,
                     "`outside_transaction` stands behind the step that it marks", setting.span());
    } else {
      made.steps.back().outside_transaction = true;
    }
  } else if (word == "take") {
    take(setting, made);
  } else if (word == "absent") {
    made.absent = expression(when.value(), boolean);
  } else if (word == "exists") {
    made.exists = expression(when.value(), boolean);
  } else if (word == "done") {
    made.done = expression(when.value(), boolean);
  } else {
    session_.error(DiagnosticCode::not_yet_supported, fmt::format("`{}` is not supported yet", word),
                   setting.span());
  }
}

void OperationLowering::take(NodeRef setting, SqlOperation& made) {
  NodeRef value = setting.value();
  if (value.is(NodeKind::name) && value.text() == "read") {
    made.take_read = true;
    return;
  }
  if (!value.is(NodeKind::body)) {
    made.take = expression(value, taken_);
    return;
  }
  Place place(session_);
  bind(place);
  Lowering lowering(place, arena_);
  made.take = lowering.expr(lowering.lower_body(value, taken_, BodyMode::taken));
}

const Expr* OperationLowering::sql_text(NodeRef node) {
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
  return expression(node);
}

}  // namespace carbon
