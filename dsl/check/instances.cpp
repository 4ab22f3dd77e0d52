#include "dsl/check/instances.h"

#include <fmt/format.h>
#include <algorithm>

#include "dsl/check/settings.h"
#include "dsl/syntax/precedence.h"
#include "engine/model/typed_path.h"

namespace carbon {

namespace {

constexpr std::int64_t most_retries = 100;

SettingPlace setting_place(DeclarationKind kind) {
  switch (kind) {
    case DeclarationKind::lookup: return SettingPlace::lookup;
    case DeclarationKind::provider: return SettingPlace::provider;
    case DeclarationKind::use: return SettingPlace::use;
    case DeclarationKind::resource:
    case DeclarationKind::environment:
    case DeclarationKind::data:
    case DeclarationKind::borrowed:
    case DeclarationKind::let:
    case DeclarationKind::input:
    case DeclarationKind::output: return SettingPlace::resource;
  }
  return SettingPlace::resource;
}

bool is_instance(DeclarationKind kind) {
  return kind == DeclarationKind::resource || kind == DeclarationKind::lookup ||
         kind == DeclarationKind::provider || kind == DeclarationKind::use;
}

/// One resource, lookup, provider or use.
class InstanceLowering {
 public:
  InstanceLowering(Session& session, ScopeWork& scope, std::uint32_t index)
      : session_(session),
        scope_(scope),
        declaration_(scope.scope->declarations[index]),
        node_(scope.nodes[index]),
        place_(session, scope, index),
        lowering_(place_, *session.program.expressions) {
    Type& counted = session.types.make(TypeKind::integer);
    counted.facets.min = Value::integer(1);
    counted.facets.max = Value::integer(most_retries);
    counted_ = &counted;
  }

  void run() {
    Instance& made = *declaration_.instance;
    if (made.type == nullptr && made.component == nullptr) return;
    repetition(made.repetition);
    NodeRef body = node_.child(NodeKind::body);
    for (NodeRef let : body.children(NodeKind::item_let)) {
      TypePtr type = let.type() ? TypeLowering(session_, scope_.package).lower(let.type()) : nullptr;
      Lowered value = lowering_.lower(let.value(), type);
      std::uint32_t slot = place_.bind(let.word(), let.word_span(), type != nullptr ? type : value.type);
      made.lets.push_back({slot, lowering_.expr(value)});
    }
    bool use = made.component != nullptr;
    TypePtr fields = use ? inputs_of(session_, *made.component) : made.type->schema;
    for (NodeRef setting : read_settings(session_, body, setting_place(declaration_.kind), fields))
      this->setting(setting, made);
    if (declaration_.kind == DeclarationKind::lookup) {
      fields = session_.partial(fields);
      only_identity(body, made.type->schema, {});
    }
    made.body =
        lowering_.expr(lowering_.lower_body(body, fields, use ? BodyMode::inputs : BodyMode::resource));
    declaration_.locals = place_.slots();
  }

 private:
  /// A lookup says which object is meant and nothing else: it changes none.
  void only_identity(NodeRef body, TypePtr record, const FieldPath& before) {
    for (NodeRef node : body.children(NodeKind::field)) {
      const FieldType* field = record->kind == TypeKind::record ? record->field(node.word()) : nullptr;
      if (field == nullptr) continue;  // said when the body is lowered
      FieldPath path = before.then(FieldStep::field(field->name));
      auto begins = [&](const FieldPath& identity) {
        return identity.steps.size() >= path.steps.size() &&
               std::equal(path.steps.begin(), path.steps.end(), identity.steps.begin());
      };
      const std::vector<FieldPath>& identity = declaration_.instance->type->identity;
      if (std::any_of(identity.begin(), identity.end(), begins)) {
        if (node.value().is(NodeKind::body)) only_identity(node.value(), bare(field->type), path);
        continue;
      }
      session_
          .error(DiagnosticCode::unknown_field,
                 fmt::format("`{}` does not say which object is meant", path.text()), node.word_span(),
                 "a lookup reads it")
          .helps.push_back(
              {fmt::format("take it away; it is read as `{}.{}`", declaration_.name, path.text()), {}});
    }
  }

  void repetition(Repetition& made) {
    if (NodeRef each = node_.child(NodeKind::each_clause)) {
      TypePtr collection = nullptr;
      made.span = each.value().span();
      made.collection = lowering_.each(each, made.variables, made.slot, collection);
      NodeRef by = each.child(NodeKind::by_clause);
      if (by) made.key = lowering_.expr(lowering_.lower(by.value()));
      bool list = collection != nullptr && collection->kind == TypeKind::list;
      if (list && !by) key_needed(each);
      if (list && by) refuse_position(each, by.value());
    }
    if (NodeRef clause = node_.child(NodeKind::if_clause)) {
      made.condition = lowering_.condition(clause.value());
      place_.narrow(clause.value());
    }
  }

  void key_needed(NodeRef each) {
    auto words = each.children(NodeKind::word);
    std::string_view variable = words.at(words.count() - 1).text();
    Diagnostic& made = session_.error(DiagnosticCode::key_needed, "repeating over a list needs a stable key",
                                      each.value().span(), "positions are not addresses");
    SourceSpan behind{each.value().span().end, each.value().span().end};
    made.helps.push_back({fmt::format("add `by {}`", variable),
                          Fix{behind, fmt::format(" by {}", variable), FixSafety::safe}});
  }

  /// `for i, v in list by i`: taking an item out would give every later one another address.
  void refuse_position(NodeRef each, NodeRef key) {
    auto words = each.children(NodeKind::word);
    if (words.count() != 2 || !key.is(NodeKind::name) || key.text() != words.at(0).text()) return;
    session_
        .error(DiagnosticCode::key_needed, "a position may not be the key", key.span(),
               "positions are not addresses")
        .helps.push_back(
            {fmt::format("write what tells the members apart: `by {}`", words.at(1).text()), {}});
  }

  const Expr* argument(NodeRef node, TypePtr type) { return lowering_.expr(lowering_.lower(node, type)); }

  void setting(NodeRef node, Instance& made) {
    std::string_view word = node.word();
    InstanceSettings& settings = made.settings;
    if (word == "after") {
      addresses(node, settings.after);
    } else if (word == "served_by") {
      addresses(node, settings.served_by);
    } else if (word == "retry") {
      settings.retry_times = argument(node.value(), counted_);
      settings.retry_pause =
          argument(node.child(NodeKind::by_clause).value(), session_.basic(TypeKind::duration));
    } else if (word == "protect") {
      NodeRef when = node.child(NodeKind::when_clause);
      settings.protect = true;
      if (when) settings.protect_when = lowering_.condition(when.value());
    } else if (word == "ignore") {
      for (NodeRef path : node.children(NodeCategory::expression)) ignore(path, made);
    } else if (word == "replace") {
      std::string_view order = setting_word(session_, node, {"create_first", "never"});
      if (order == "create_first") settings.replace = ReplaceOrder::create_first;
      if (order == "never") settings.replace = ReplaceOrder::never;
    } else if (word == "timeout") {
      settings.timeout = argument(node.value(), session_.basic(TypeKind::duration));
    } else if (word == "adopt") {
      settings.adopt = argument(node.value(), session_.basic(TypeKind::string));
    } else if (word == "keep") {
      keep(node.value(), made);
    } else if (word == "using") {
      using_provider(node.value(), made);
    }
  }

  void addresses(NodeRef node, std::vector<AddressPath>& into) {
    for (NodeRef target : node.children(NodeCategory::expression)) {
      AddressPath path;
      if (lower_address(lowering_, scope_, target, path)) into.push_back(std::move(path));
    }
  }

  void using_provider(NodeRef node, Instance& made) {
    const ResourceType* provider = session_.input.types.find(made.type->provider_type);
    if (provider == nullptr) return;
    made.settings.provider = argument(node, session_.reference_to(*provider));
  }

  /// `keep FIELD in SECRET`, which reads as one operation.
  void keep(NodeRef node, Instance& made) {
    auto parts = node.children();
    bool shaped = node.is(NodeKind::operation) && parts.count() == 3 && parts.at(0).is(NodeKind::name) &&
                  parts.at(1).is(NodeKind::binary_operator) && operator_of(parts.at(1)) == Operator::in;
    if (!shaped) {
      session_
          .error(DiagnosticCode::setting_arguments, "`keep` says which field is kept, and in which Secret",
                 node.span())
          .helps.push_back(
              {"write `keep FIELD in SECRET`, where SECRET is a resource of type `k8s.Secret`", {}});
      return;
    }
    std::string_view field = parts.at(0).text();
    if (made.type->schema->field(field) == nullptr) return no_field(parts.at(0), *made.type);
    if (!is_told_once(*made.type, field)) {
      session_
          .error(DiagnosticCode::setting_arguments, fmt::format("`{}` is not said only once", field),
                 parts.at(0).span(), "it can be read whenever it is needed, or is no secret")
          .helps.push_back({"take the line away", {}});
      return;
    }
    const ResourceType* secret = session_.input.types.find("k8s.Secret");
    if (secret == nullptr) return;
    const Expr* sink = argument(parts.at(2), session_.reference_to(*secret));
    made.settings.keeps.push_back({std::string(field), sink});
  }

  void no_field(NodeRef name, const ResourceType& type) {
    Diagnostic& error =
        session_.error(DiagnosticCode::unknown_field,
                       fmt::format("`{}` has no field `{}`", type.name, name.text()), name.span());
    std::vector<std::string_view> near;
    for (const FieldType& field : type.schema->fields) near.push_back(field.name);
    session_.suggest(error, name.text(), name.span(), near);
  }

  /// The path as text is what plans and inventories hold, so it is read as text. A path that the type does
  /// not have would ignore nothing, silently.
  void ignore(NodeRef node, Instance& made) {
    std::string_view text = session_.input.sources.text(node.span());
    Result<FieldPath> path = FieldPath::parse(text);
    if (!path || path->steps.empty()) {
      session_.error(DiagnosticCode::setting_arguments, fmt::format("`{}` is not a field path", text),
                     node.span());
      return;
    }
    TypePtr at = made.type->schema;
    for (std::size_t i = 0; i < path->steps.size(); ++i) {
      const Type& outer = plain_type(*at);
      if (outer.kind == TypeKind::json || outer.kind == TypeKind::reference) break;
      if (path->steps[i].kind == FieldStep::Kind::index && !outer.keys.empty()) return by_key(node, i, outer);
      at = step_type(outer, path->steps[i]);
      if (at == nullptr) return no_step(node, i, outer, path->steps[i]);
    }
    made.settings.ignore.push_back(std::move(*path));
  }

  /// Positions change when another item comes or goes.
  void by_key(NodeRef path, std::size_t index, const Type& list) {
    std::string key;
    for (const std::string& part : list.keys) key += fmt::format("{}\"{}\"", key.empty() ? "" : ", ", part);
    session_
        .error(DiagnosticCode::setting_arguments,
               "an item of this list is named by its key, not by its position",
               path.children().at(index).span())
        .helps.push_back({fmt::format("write its {}, as in `[{}]`", fmt::join(list.keys, ", "), key), {}});
  }

  void no_step(NodeRef path, std::size_t index, const Type& outer, const FieldStep& step) {
    NodeRef part = path.is(NodeKind::postfix) ? path.children().at(index) : path;
    SourceSpan span = part.is(NodeKind::member) ? part.word_span() : part.span();
    Diagnostic& error =
        session_.error(DiagnosticCode::unknown_field,
                       fmt::format("`{}` has no field `{}`", declaration_.instance->type->name,
                                   session_.input.sources.text(path.span())),
                       span, "nothing would be ignored");
    std::vector<std::string_view> near;
    for (const FieldType& field : outer.fields) near.push_back(field.name);
    session_.suggest(error, step.name, span, near);
  }

  Session& session_;
  ScopeWork& scope_;
  Declaration& declaration_;
  NodeRef node_;
  carbon::Place place_;
  Lowering lowering_;
  TypePtr counted_ = nullptr;  ///< how often something may be done again
};

void instance_type(Session& session, ScopeWork& scope, Declaration& declaration, NodeRef node) {
  declaration.instance = std::make_unique<Instance>();
  Instance& made = *declaration.instance;
  InstanceType type = TypeLowering(session, scope.package).instance_type(node.type());
  made.optional = type.optional;
  if (type.resource == nullptr && type.component == nullptr) return;
  bool connection = type.resource != nullptr && type.resource->transport == Transport::connection;
  bool use = declaration.kind == DeclarationKind::use;
  bool provider = declaration.kind == DeclarationKind::provider;
  bool fits = (type.component != nullptr) == use && (use || connection == provider);
  if (type.optional && declaration.kind != DeclarationKind::lookup) {
    session.error(DiagnosticCode::unknown_type, "only a lookup may be of a type with `?`",
                  node.type().span());
    return;
  }
  if (!fits) {
    std::string_view is = type.component != nullptr ? "a component: write `use`"
                          : connection              ? "a connection: write `provider`"
                                                    : "a resource type: write `resource` or `lookup`";
    session.error(DiagnosticCode::unknown_type,
                  fmt::format("`{}` is {}", session.input.sources.text(node.type().span()), is),
                  node.type().span());
    return;
  }
  if (declaration.kind == DeclarationKind::lookup && type.resource->manifests) {
    session.error(
        DiagnosticCode::unknown_type,
        fmt::format("`{}` is no kind of objects: nothing of it can be looked up", type.resource->name),
        node.type().span());
    return;
  }
  made.type = type.resource;
  made.component = type.component;
  TypePtr reference = use ? type.component->type : session.reference_to(*type.resource);
  declaration.type = reference;
  if (node.child(NodeKind::each_clause)) {
    declaration.type = session.types.map(reference);
  } else if (type.optional || node.child(NodeKind::if_clause)) {
    declaration.type = session.types.optional(reference);
  }
}

void lower_let(Session& session, ScopeWork& scope, std::uint32_t index) {
  Place place(session, scope, index);
  Lowering lowering(place, *session.program.expressions);
  Lowered value = lowering.lower(scope.nodes[index].value(), scope.scope->declarations[index].type);
  Declaration& declaration = scope.scope->declarations[index];
  if (declaration.type == nullptr) declaration.type = value.type;
  declaration.value = lowering.expr(value);
  declaration.locals = place.slots();
  scope.lowered[index] = Progress::done;
}

/// The lets of the scope that a let names and whose type is not known yet.
std::vector<std::uint32_t> wanted_lets(ScopeWork& scope, NodeRef node) {
  std::vector<std::uint32_t> wanted;
  const auto& nodes = node.tree().nodes();
  for (std::uint32_t i = node.index(); i < node.index() + nodes[node.index()].size; ++i) {
    if (nodes[i].kind != NodeKind::name) continue;
    auto found = scope.names.find(node.tree().text({nodes[i].begin, nodes[i].end}));
    bool let = found != scope.names.end() && found->second.kind == NameKind::value &&
               scope.scope->declarations[found->second.index].kind == DeclarationKind::let;
    if (let && scope.lowered[found->second.index] == Progress::fresh) wanted.push_back(found->second.index);
  }
  return wanted;
}

}  // namespace

TypePtr inputs_of(Session& session, const Component& component) {
  TypePtr& made = session.inputs[&component];
  if (made != nullptr) return made;
  Type& record = session.types.make(TypeKind::record);
  record.name = component.name;
  for (const Declaration& input : component.scope.declarations) {
    if (input.kind != DeclarationKind::input) continue;
    bool needed = !input.has_default && (input.type == nullptr || input.type->kind != TypeKind::optional);
    record.fields.push_back(
        {input.name, known(session.types, input.type), needed ? FieldFlag::required : FieldFlag::none, ""});
    if (session.input.index != nullptr) session.input.index->declare_field(&record, input.name, input.span);
  }
  return made = &record;
}

void declare_value_types(Session& session, ScopeWork& scope) {
  TypeLowering types(session, scope.package);
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    NodeRef node = scope.nodes[i];
    Declaration& declaration = scope.scope->declarations[i];
    if (!node) continue;
    if (is_instance(declaration.kind)) {
      instance_type(session, scope, declaration, node);
    } else if (node.type()) {
      declaration.type = types.lower(node.type());
    }
    declaration.has_default = declaration.kind == DeclarationKind::input && static_cast<bool>(node.value());
  }
}

void lower_lets(Session& session, ScopeWork& scope) {
  for (std::uint32_t i = 0; i < scope.nodes.size(); ++i) {
    if (scope.scope->declarations[i].kind != DeclarationKind::let || scope.lowered[i] != Progress::fresh)
      continue;
    // Depth first with a stack of our own: a chain of lets may be long.
    std::vector<std::uint32_t> stack{i};
    while (!stack.empty()) {
      std::uint32_t top = stack.back();
      if (scope.lowered[top] == Progress::fresh) {
        scope.lowered[top] = Progress::busy;
        for (std::uint32_t wanted : wanted_lets(scope, scope.nodes[top])) stack.push_back(wanted);
        continue;
      }
      stack.pop_back();
      if (scope.lowered[top] == Progress::busy) lower_let(session, scope, top);
    }
  }
}

void lower_declarations(Session& session, ScopeWork& scope) {
  for (std::uint32_t i = 0; i < scope.nodes.size(); ++i) {
    Declaration& declaration = scope.scope->declarations[i];
    NodeRef node = scope.nodes[i];
    if (!node || declaration.kind == DeclarationKind::let || !session.in_focus(node)) continue;
    if (is_instance(declaration.kind)) {
      InstanceLowering(session, scope, i).run();
      continue;
    }
    if (!node.value()) {
      if (declaration.kind == DeclarationKind::output)
        session.error(DiagnosticCode::missing_field,
                      fmt::format("output `{}` has no value", declaration.name), declaration.span);
      continue;
    }
    Place place(session, scope, i);
    Lowering lowering(place, *session.program.expressions);
    Lowered value = lowering.lower(node.value(), declaration.type);
    declaration.value = lowering.expr(value);
    declaration.locals = place.slots();
  }
}

namespace {

/// `.name` behind a use: an instance of its component; nullptr after C0302.
const Declaration* inner_instance(Session& session, const Declaration& outer, NodeRef part) {
  const Component* component = outer.instance != nullptr ? outer.instance->component : nullptr;
  std::vector<std::string_view> near;
  if (component != nullptr) {
    for (const Declaration& each : component->scope.declarations) {
      if (!is_instance(each.kind)) continue;
      if (each.name == part.word()) {
        session.index_name(part.word_span(), each.span, each.type);
        return &each;
      }
      near.push_back(each.name);
    }
  }
  Diagnostic& error = session.error(DiagnosticCode::unknown_name,
                                    fmt::format("there is no resource `{}` in `{}`", part.word(), outer.name),
                                    part.word_span());
  session.suggest(error, part.word(), part.word_span(), near);
  return nullptr;
}

}  // namespace

bool lower_address(Lowering& lowering, ScopeWork& scope, NodeRef node, AddressPath& made) {
  Session& session = lowering.place().session();
  made.span = node.span();
  NodeRef first = node.is(NodeKind::postfix) ? *node.children().begin() : node;
  made.name = std::string(first.text());
  auto found = scope.names.find(first.text());
  bool instance = first.is(NodeKind::name) && found != scope.names.end() &&
                  found->second.kind == NameKind::value &&
                  is_instance(scope.scope->declarations[found->second.index].kind);
  if (!instance) {
    Diagnostic& error = session.error(DiagnosticCode::unknown_name,
                                      fmt::format("`{}` is no resource here", first.text()), first.span());
    std::vector<std::string_view> near;
    for (const auto& [name, entry] : scope.names) {
      if (entry.kind == NameKind::value && is_instance(scope.scope->declarations[entry.index].kind))
        near.push_back(name);
    }
    session.suggest(error, first.text(), first.span(), near);
    return false;
  }
  const Declaration* current = &scope.scope->declarations[found->second.index];
  session.index_name(first.span(), current->span, current->type);
  if (!node.is(NodeKind::postfix)) return true;
  for (NodeRef part : node.children()) {
    if (part == first) continue;
    if (part.is(NodeKind::index)) {
      made.parts.push_back({"", lowering.expr(lowering.lower(part.value()))});
      continue;
    }
    current = part.is(NodeKind::member) ? inner_instance(session, *current, part) : nullptr;
    if (current == nullptr) return false;
    made.parts.push_back({std::string(part.word()), nullptr});
  }
  return true;
}

}  // namespace carbon
