#include "dsl/check/operations.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/check/settings.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

bool is_string(NodeRef node) {
  return node.is(NodeKind::string) || node.is(NodeKind::multiline) || node.is(NodeKind::raw_string) ||
         node.is(NodeKind::raw_multiline);
}

/// `ident(…)`, `literal(…)`, `literal_or_default(…)`: what quotes by the rules of SQL.
bool quotes(NodeRef node) {
  if (!node.is(NodeKind::postfix) || node.children().count() != 2) return false;
  std::string_view name = node.children().at(0).text();
  return node.children().at(1).is(NodeKind::call) && quotes_for_sql(name);
}

}  // namespace

bool quotes_for_sql(std::string_view function) {
  return function == "ident" || function == "literal" || function == "literal_or_default";
}

OperationLowering::OperationLowering(Session& session, const ResourceType& type)
    : session_(session), type_(type), schema_(*type.schema), arena_(session.input.types.expressions()) {
  make_views();
}

void OperationLowering::make_views() {
  Type& wanted = session_.types.make(TypeKind::record);
  Type& owned = session_.types.make(TypeKind::record);
  Type& identity = session_.types.make(TypeKind::record);
  Type& live = session_.types.make(TypeKind::record);
  Type& taken = session_.types.make(TypeKind::record);
  Type& checked = session_.types.make(TypeKind::record);
  wanted.name = owned.name = live.name = taken.name = checked.name = schema_.name;
  identity.name = fmt::format("identity of {}", schema_.name);
  bool connection = type_.transport == Transport::connection;
  for (const FieldType& field : schema_.fields) {
    FieldType made{field.name, connection ? field.type : seen(field.type), FieldFlag::none, ""};
    bool identifies = std::any_of(type_.identity.begin(), type_.identity.end(), [&](const FieldPath& path) {
      return path.steps.front().name == field.name;
    });
    bool assigned = field.name == type_.operations.assigned;
    bool written = !has(field.flags, FieldFlag::computed);
    live.fields.push_back(made);
    if (written) wanted.fields.push_back(made);
    // What a reference of another transport points at is not known where a check is asked.
    bool plain = sends_requests(type_.transport) || made.type->kind != TypeKind::reference;
    if (written && plain) {
      checked.fields.push_back(made);
      if (!always_there(field)) checked.fields.back().type = session_.types.optional(made.type);
    }
    if (written || assigned) owned.fields.push_back(made);
    if (identifies || assigned) identity.fields.push_back(made);
    taken.fields.push_back({field.name, session_.types.optional(readable(field.type)), FieldFlag::none, ""});
  }
  wanted_ = &wanted;
  owned_ = &owned;
  identity_ = &identity;
  live_ = &live;
  taken_ = &taken;
  checked_ = &checked;
  const ResourceType* provider = session_.input.types.find(type_.provider_type);
  if (provider != nullptr && sends_requests(type_.transport)) provider_ = provider->schema;
}

bool OperationLowering::always_there(const FieldType& field) const {
  if (has(field.flags, FieldFlag::required)) return true;
  auto named = [&](const auto& each) { return each.field == field.name; };
  auto written = session_.defaults.find(&schema_);
  if (written != session_.defaults.end() &&
      std::any_of(written->second.begin(), written->second.end(), named))
    return true;
  auto computed = session_.program.self_defaults.find(&type_);
  return computed != session_.program.self_defaults.end() &&
         std::any_of(computed->second.begin(), computed->second.end(), named);
}

TypePtr OperationLowering::seen(TypePtr type, int depth) {
  constexpr int deepest = 8;
  if (type->kind == TypeKind::optional) type = type->element;
  bool items = type->kind == TypeKind::list || type->kind == TypeKind::set;
  if (items && type->element->kind == TypeKind::reference)
    return session_.types.list(seen(type->element, depth));
  if (type->kind != TypeKind::reference || !sends_requests(type_.transport)) return type;
  const ResourceType* target = session_.input.types.find(type->name);
  if (target == nullptr || depth == deepest) return session_.basic(TypeKind::json);
  Type& record = session_.types.make(TypeKind::record);
  record.name = fmt::format("identity of {}", target->name);
  for (const FieldType& field : target->schema->fields) {
    bool identifies =
        std::any_of(target->identity.begin(), target->identity.end(),
                    [&](const FieldPath& path) { return path.steps.front().name == field.name; });
    if (identifies || field.name == target->operations.assigned)
      record.fields.push_back({field.name, seen(field.type, depth + 1), FieldFlag::none, ""});
  }
  return &record;
}

/// What a reply says of a reference is the name that the server has for it.
TypePtr OperationLowering::readable(TypePtr type) {
  if (type->kind == TypeKind::optional) type = type->element;
  bool items = type->kind == TypeKind::list || type->kind == TypeKind::set;
  bool reference = (items ? type->element : type)->kind == TypeKind::reference;
  return reference ? session_.basic(TypeKind::json) : type;
}

/// What the connector has at hand when it runs the steps of an operation.
OperationLowering::Names OperationLowering::names_of(OperationVerb verb) const {
  switch (verb) {
    case OperationVerb::read: return {.self = identity_};
    case OperationVerb::create: return {.self = wanted_};
    case OperationVerb::update: return {.self = owned_, .live = live_};
    case OperationVerb::delete_: return {.self = identity_, .live = live_};
    case OperationVerb::list: return {};
  }
  return {};
}

OperationLowering::Names OperationLowering::names_behind(OperationVerb verb) const {
  Names names = names_of(verb);
  bool http = sends_requests(type_.transport);
  names.reply = http;
  names.replies = http && verb != OperationVerb::list;
  names.rows = !http;
  return names;
}

void OperationLowering::bind(Place& place, Names names) const {
  // In the order of OperationSlot.
  constexpr std::string_view nameless;
  TypePtr json = session_.basic(TypeKind::json);
  (void)place.bind_hidden(names.self != nullptr ? "self" : nameless, names.self);
  (void)place.bind_hidden(names.live != nullptr ? "live" : nameless, names.live);
  (void)place.bind_hidden(names.rows ? "row" : nameless, nullptr);
  (void)place.bind_hidden(names.rows ? "rows" : nameless, session_.types.list(json));
  (void)place.bind_hidden(provider_ != nullptr ? "provider" : nameless, provider_);
  (void)place.bind_hidden(names.reply ? "body" : nameless, json);
  (void)place.bind_hidden(names.reply ? "status" : nameless, session_.basic(TypeKind::integer));
  (void)place.bind_hidden(names.reply ? "headers" : nameless, json);
  (void)place.bind_hidden(names.item ? "item" : nameless, json);
  (void)place.bind_hidden(names.page ? "page" : nameless, session_.basic(TypeKind::integer));
  (void)place.bind_hidden(names.replies ? "replies" : nameless, session_.types.list(json));
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

const Expr* OperationLowering::of_live(NodeRef node, TypeKind expected) {
  return expression(node, {.live = live_}, session_.basic(expected));
}

const Expr* OperationLowering::of_wanted(NodeRef node, TypeKind expected) {
  return expression(node, {.self = checked_}, session_.basic(expected));
}

const Expr* OperationLowering::of_connection(NodeRef node, TypePtr expected) {
  return expression(node, {.self = live_}, expected);
}

const Expr* OperationLowering::self_default(NodeRef node, TypePtr expected, std::uint32_t& locals) {
  Place place(session_);
  (void)place.bind_hidden("self", live_);
  Lowering lowering(place, arena_);
  const Expr* made = lowering.expr(lowering.lower(node, expected));
  locals = place.slots();
  return made;
}

const Expr* OperationLowering::normalization(NodeRef node, TypePtr type) {
  Place place(session_);
  (void)place.bind_hidden("value", bare(type));
  Lowering lowering(place, arena_);
  return lowering.expr(lowering.lower(node, bare(type)));
}

void OperationLowering::fields(NodeRef setting, Operation& made) {
  for (NodeRef argument : setting.children(NodeCategory::expression)) {
    if (argument.is(NodeKind::body)) continue;
    auto path = FieldPath::parse(argument.text());
    bool known = path && !path->steps.empty() && schema_.field(path->steps.front().name) != nullptr;
    if (known) {
      made.fields.push_back(std::move(*path));
    } else {
      session_.error(DiagnosticCode::unknown_field,
                     fmt::format("`{}` has no field `{}`", schema_.name, argument.text()), argument.span());
    }
  }
}

void OperationLowering::operation(NodeRef setting, OperationVerb verb, Operation& made) {
  made.span = setting.word_span();
  NodeRef body = setting.child(NodeKind::body);
  fields(setting, made);
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
  if (session_.sink.error_count() != before) return;
  if (made.steps.empty())
    return (void)session_.error(DiagnosticCode::bad_type_declaration,
                                fmt::format("`{}` has no step", setting.word()), setting.word_span());
  if (sends_requests(type_.transport)) complete(setting, verb, made);
}

void OperationLowering::misplaced(NodeRef setting, std::string why) {
  session_.error(DiagnosticCode::bad_type_declaration, std::move(why), setting.span());
}

void OperationLowering::step(NodeRef setting, OperationVerb verb, Operation& made) {
  using Handler = void (OperationLowering::*)(NodeRef, OperationVerb, Operation&);
  struct Word {
    std::string_view word;
    std::string_view only;  ///< the transport that has it, or empty
    Handler handler;
  };
  constexpr std::array words = std::to_array<Word>({
      {"query", "sql", &OperationLowering::statement},
      {"exec", "sql", &OperationLowering::statement},
      {"outside_transaction", "sql", &OperationLowering::outside_transaction},
      {"get", "http", &OperationLowering::request},
      {"head", "http", &OperationLowering::request},
      {"post", "http", &OperationLowering::request},
      {"put", "http", &OperationLowering::request},
      {"patch", "http", &OperationLowering::request},
      {"delete", "http", &OperationLowering::request},
      {"send", "http", &OperationLowering::of_request},
      {"poll", "http", &OperationLowering::poll},
      {"header", "http", &OperationLowering::of_request},
      {"encoding", "http", &OperationLowering::encoding},
      {"each", "http", &OperationLowering::of_list},
      {"next", "http", &OperationLowering::of_list},
      {"complete", "http", &OperationLowering::of_list},
      {"take", "", &OperationLowering::take},
      {"absent", "", &OperationLowering::condition},
      {"exists", "http", &OperationLowering::condition},
      {"conflict", "http", &OperationLowering::condition},
      {"done", "http", &OperationLowering::condition},
      {"retry", "http", &OperationLowering::condition},
  });
  auto found =
      std::find_if(words.begin(), words.end(), [&](const Word& one) { return one.word == setting.word(); });
  if (found == words.end()) return;
  bool http = sends_requests(type_.transport);
  if (!found->only.empty() && (found->only == "http") != http)
    return misplaced(setting,
                     fmt::format("`{}` needs `via {}`", found->word, http ? "sql" : "http` or `via s3"));
  (this->*found->handler)(setting, verb, made);
}

void OperationLowering::outside_transaction(NodeRef setting, OperationVerb verb, Operation& made) {
  if (verb == OperationVerb::read) {
    misplaced(setting, "a `read` is one READ ONLY transaction");
  } else if (made.steps.empty()) {
    session_.error(DiagnosticCode::setting_arguments,
                   "`outside_transaction` stands behind the step that it marks", setting.span());
  } else {
    made.steps.back().outside_transaction = true;
  }
}

void OperationLowering::statement(NodeRef setting, OperationVerb verb, Operation& made) {
  bool query = setting.word() == "query";
  if (!query && verb == OperationVerb::read) return misplaced(setting, "a `read` may only `query`");
  Names names = names_of(verb);
  OperationStep& step = made.steps.emplace_back();
  step.kind = query ? OperationStep::Kind::query : OperationStep::Kind::exec;
  step.span = setting.span();
  auto arguments = setting.children(NodeCategory::expression);
  step.text = sql_text(arguments.at(0), names);
  for (std::size_t i = 1; i < arguments.count(); ++i)
    step.arguments.push_back(expression(arguments.at(i), names));
  if (NodeRef when = setting.child(NodeKind::when_clause))
    step.when = expression(when.value(), names, session_.basic(TypeKind::boolean));
}

void OperationLowering::take(NodeRef setting, OperationVerb verb, Operation& made) {
  NodeRef value = setting.value();
  bool http = sends_requests(type_.transport);
  bool as_read = value.is(NodeKind::name) && value.text() == "read";
  // What only the reply to the write says.
  bool told = http && (verb == OperationVerb::create || verb == OperationVerb::update);
  if (verb == OperationVerb::delete_) return misplaced(setting, "a `delete` has nothing to take");
  if (verb == OperationVerb::create || verb == OperationVerb::update) {
    // What was written is always read back by the type's own `read`.
    if (as_read) return;
    if (!told)
      return (void)session_.error(DiagnosticCode::not_yet_supported,
                                  "`take` of anything but `read` is not supported yet here", setting.span());
  } else if (as_read && !(http && verb == OperationVerb::list)) {
    return misplaced(setting, http ? "a `read` says itself what it takes: `take { … }`"
                                   : "a `read` says itself what it takes: `take row`");
  }
  if (as_read) return;  // a list's items are taken as `read` takes one object
  Names names = names_behind(verb);
  if (told || verb == OperationVerb::list) names.self = nullptr;
  names.item = verb == OperationVerb::list;
  if (!value.is(NodeKind::body)) {
    made.take = expression(value, names, taken_);
    return;
  }
  Place place(session_);
  bind(place, names);
  Lowering lowering(place, arena_);
  made.take = lowering.expr(lowering.lower_body(value, taken_, BodyMode::taken));
}

/// `absent when`, `exists when` and so on: what a reply means, and in which operations it can mean that.
void OperationLowering::condition(NodeRef setting, OperationVerb verb, Operation& made) {
  struct Meaning {
    std::string_view word;
    const Expr* Operation::*part;
    std::string_view verbs;  ///< one letter each: read, create, update, delete
    std::string_view where;
  };
  constexpr std::array meanings = std::to_array<Meaning>({
      {"absent", &Operation::absent, "r", "`read`"},
      {"exists", &Operation::exists, "c", "`create`"},
      {"conflict", &Operation::conflict, "ud", "`update` and `delete`"},
      {"done", &Operation::done, "rcud", "`read`, `create`, `update` and `delete`"},
      {"retry", &Operation::retry, "cud", "`create`, `update` and `delete`"},
  });
  constexpr std::string_view letters = "rcudl";
  const Meaning& meaning = *std::find_if(meanings.begin(), meanings.end(),
                                         [&](const Meaning& one) { return one.word == setting.word(); });
  if (meaning.verbs.find(letters[static_cast<std::size_t>(verb)]) == std::string_view::npos)
    return misplaced(setting, fmt::format("`{} when` stands in {}", meaning.word, meaning.where));
  NodeRef when = setting.child(NodeKind::when_clause);
  made.*meaning.part = expression(when.value(), names_behind(verb), session_.basic(TypeKind::boolean));
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
