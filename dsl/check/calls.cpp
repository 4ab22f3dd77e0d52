#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/check/lowering.h"
#include "dsl/check/operations.h"
#include "engine/expr/evaluate.h"

namespace carbon {

namespace {

constexpr const char* stored_secret_form =
    "write `secret.k8s(\"namespace\", \"name\", \"key\", from = CLUSTER, after = RESOURCE)`; `from` and "
    "`after` may be left out";

/// The type that a function's documentation names, where it is a plain one.
TypePtr type_named(TypeTable& types, std::string_view text) {
  if (TypePtr basic = find_basic(types, text)) return basic;
  if (text.ends_with('?')) {
    TypePtr element = type_named(types, text.substr(0, text.size() - 1));
    return element == nullptr ? nullptr : types.optional(element);
  }
  std::size_t open = text.find('<');
  if (open == std::string_view::npos || !text.ends_with('>')) return nullptr;
  TypePtr element = type_named(types, text.substr(open + 1, text.size() - open - 2));
  if (element == nullptr) return nullptr;
  std::string_view head = text.substr(0, open);
  if (head == "list") return types.list(element);
  if (head == "set") return types.set(element);
  if (head == "map") return types.map(element);
  return head == "secret" ? types.secret(element) : nullptr;
}

bool holds_secret(TypePtr type) {
  if (type == nullptr) return false;
  if (type->kind == TypeKind::secret) return true;
  if (type->element != nullptr) return holds_secret(type->element);
  for (const FieldType& field : type->fields) {
    if (type->kind == TypeKind::record && holds_secret(field.type)) return true;
  }
  return false;
}

std::size_t required_parameters(const Function& function) {
  std::size_t count = 0;
  for (const Parameter& parameter : function.parameters)
    count += parameter.optional || parameter.variadic ? 0 : 1;
  return count;
}

/// A function that calls another one twice, which calls another one twice …: acyclic does not mean small.
constexpr std::uint32_t most_calls_written_out = 200'000;

/// Whether a parameter may get values of the type, by the head of what its documentation names. A type that
/// only evaluation knows, and a head that is not here (`T`, `json`), are looked at then.
bool takes(std::string_view head, TypeKind kind) {
  if (kind == TypeKind::json || kind == TypeKind::union_ || kind == TypeKind::int_or_string) return true;
  bool text = kind == TypeKind::string || kind == TypeKind::literal;
  bool items = kind == TypeKind::list || kind == TypeKind::set;
  bool fields = kind == TypeKind::map || kind == TypeKind::record;
  if (head == "string" || head == "regex" || head == "cidr" || head == "secret") return text;
  if (head == "int") return kind == TypeKind::integer;
  if (head == "blob") return text || kind == TypeKind::blob;
  if (head == "bytes") return kind == TypeKind::bytes || kind == TypeKind::quantity;
  if (head == "duration") return kind == TypeKind::duration;
  if (head == "list") return items;
  if (head == "map") return fields;
  return head != "collection" || items || fields;
}

/// Whether the function is called here like any other one.
bool is_ordinary(std::string_view name, const Place& place) {
  if (quotes_for_sql(name)) return !place.sees_scope();
  if (name == "known") return place.judging() != Place::Judging::nothing;
  return name != "resources" && name != "meta";
}

std::string arguments_text(std::size_t count) {
  return count == 1 ? "one argument" : fmt::format("{} arguments", count);
}

}  // namespace

bool Lowering::fits_parameter(const Function& function, const Parameter& parameter, const Lowered& value) {
  if (value.type == nullptr || value.is_constant()) return true;  // evaluation says more of a constant
  std::string_view head = std::string_view(parameter.type).substr(0, parameter.type.find('<'));
  bool maybe = value.type->kind == TypeKind::optional;
  if (maybe && !takes(head, TypeKind::reference)) {
    error(DiagnosticCode::may_be_absent,
          fmt::format("`{}` may be absent", session_.input.sources.text(value.span)), value.span,
          fmt::format("`{}` needs it", function.name))
        .helps.push_back({"give it a value with `?? …`, or test it with `if x != null`", {}});
    return false;
  }
  if (takes(head, bare(value.type)->kind)) return true;
  error(DiagnosticCode::wrong_arguments,
        fmt::format("`{}` expects `{}` for `{}`, found `{}`", function.name, parameter.type, parameter.name,
                    to_string(*value.type)),
        value.span, fmt::format("this is `{}`", to_string(*value.type)));
  return false;
}

Lowered Lowering::call(std::string_view name, SourceSpan name_span, NodeRef node) {
  SourceSpan span{name_span.begin, node.span().end};
  const Function* function = session_.input.functions.find(name);
  if (function == nullptr) {
    Diagnostic& made = error(DiagnosticCode::unknown_function, fmt::format("there is no function `{}`", name),
                             name_span, "unknown function");
    session_.suggest(made, name, name_span, session_.input.functions.names());
    return failed(span);
  }
  if (!is_ordinary(name, place_)) return special_call(name, name_span, node);
  Expr& made = arena_.make(ExprKind::call, span);
  made.name = std::string(name);
  std::vector<TypePtr> argument_types;
  bool bad = false;
  bool secret = false;
  for (NodeRef argument : node.children(NodeKind::argument)) {
    std::size_t position = made.children.size();
    if (!argument.word().empty()) {
      error(DiagnosticCode::wrong_arguments, fmt::format("`{}` takes no named arguments", name),
            argument.span());
      return failed(span);
    }
    std::size_t last = function->parameters.empty() ? 0 : function->parameters.size() - 1;
    const Parameter* parameter =
        function->parameters.empty() ? nullptr : &function->parameters[std::min(position, last)];
    TypePtr wanted = parameter != nullptr ? type_named(types_, parameter->type) : nullptr;
    // Units are decided by the parameter; everything else is the function's own check.
    bool number = argument.value().is(NodeKind::number);
    Lowered value = lower(argument.value(), number && wanted != nullptr ? wanted : nullptr);
    bad = bad || value.failed || (parameter != nullptr && !fits_parameter(*function, *parameter, value));
    secret = secret || holds_secret(value.type);
    argument_types.push_back(value.type);
    made.children.push_back(expr(value));
  }
  bool variadic = !function->parameters.empty() && function->parameters.back().variadic;
  bool count_fits = argument_types.size() >= required_parameters(*function) &&
                    (variadic || argument_types.size() <= function->parameters.size());
  if (!count_fits) {
    std::string shape;
    for (const Parameter& parameter : function->parameters)
      shape += fmt::format("{}{}", shape.empty() ? "" : ", ", parameter.name);
    error(DiagnosticCode::wrong_arguments,
          fmt::format("`{}` takes {}, found {}", name, arguments_text(required_parameters(*function)),
                      argument_types.size()),
          span, fmt::format("`{}({})`", name, shape));
    return failed(span);
  }
  if (bad) return failed(span);
  if (secret && function->on_secret == OnSecret::refuse) {
    error(DiagnosticCode::secret_decides, fmt::format("`{}` would reveal a secret", name), span);
    return failed(span);
  }
  made.type = function->infer != nullptr ? function->infer(argument_types, types_)
                                         : type_named(types_, function->result);
  bool tainted = secret && function->on_secret == OnSecret::taint && made.type != nullptr;
  if (tainted && made.type->kind != TypeKind::secret) made.type = types_.secret(made.type);
  return make(made);
}

bool Lowering::may_write_out(SourceSpan span) {
  if (session_.calls_written_out > most_calls_written_out) return false;
  if (++session_.calls_written_out <= most_calls_written_out) return true;
  error(DiagnosticCode::fuel_exhausted,
        fmt::format("functions call each other more than {} times when written out", most_calls_written_out),
        span, "the limit was reached here");
  return false;
}

/// The body of the function with its arguments as `let`s: functions are first-order and cannot come back to
/// themselves, so every call ends in plain expressions.
Lowered Lowering::user_call(FunctionEntry& function, NodeRef node, SourceSpan span) {
  std::string_view name = function.node.word();
  if (function.broken) return failed(span);
  if (function.busy) {
    function.broken = true;
    error(DiagnosticCode::cycle, fmt::format("function `{}` calls itself", name), span);
    return failed(span);
  }
  if (!may_write_out(span)) return failed(span);
  auto parameters = function.node.child(NodeKind::parameters).children(NodeKind::param);
  auto arguments = node.children(NodeKind::argument);
  if (parameters.count() != arguments.count()) {
    error(DiagnosticCode::wrong_arguments,
          fmt::format("`{}` takes {}, found {}", name, arguments_text(parameters.count()), arguments.count()),
          span);
    return failed(span);
  }
  TypeLowering types(session_, function.package);
  std::vector<std::pair<NodeRef, Lowered>> bound;
  bool bad = false;
  auto argument = arguments.begin();
  for (NodeRef parameter : parameters) {
    TypePtr type = types.lower(parameter.type());
    Lowered value = lower((*argument).value(), type);
    value.type = type;
    bad = bad || value.failed;
    bound.emplace_back(parameter, std::move(value));
    ++argument;
  }
  Place::Mark mark = place_.mark();
  std::uint32_t looking = place_.looking();
  std::size_t hidden = place_.hide_locals(mark.locals);
  place_.look_into(function.package);
  std::vector<std::uint32_t> slots;
  for (auto& [parameter, value] : bound)
    slots.push_back(place_.bind_hidden(parameter.word(), value.type, parameter.word_span()));
  function.busy = true;
  BodyMode around = std::exchange(mode_, BodyMode::value);
  Lowered body = lower(function.node.value(), types.lower(function.node.type()));
  mode_ = around;
  function.busy = false;
  place_.look_into(looking);
  (void)place_.hide_locals(hidden);
  place_.release(mark);
  if (bad || body.failed) return failed(span);
  body.span = span;
  for (std::size_t i = bound.size(); i-- > 0;) {
    Expr& let = arena_.make(ExprKind::let, span);
    let.slot = slots[i];
    let.type = body.type;
    let.children = {expr(bound[i].second), expr(body)};
    body = make(let);
  }
  return body;
}

void Lowering::function_body(FunctionEntry& function) {
  TypeLowering types(session_, function.package);
  std::vector<std::string_view> seen;
  for (NodeRef parameter : function.node.child(NodeKind::parameters).children(NodeKind::param)) {
    (void)place_.bind_hidden(parameter.word(), types.lower(parameter.type()), parameter.word_span());
    if (std::find(seen.begin(), seen.end(), parameter.word()) != seen.end())
      error(DiagnosticCode::duplicate_name, fmt::format("two parameters are called `{}`", parameter.word()),
            parameter.word_span(), "again here");
    seen.push_back(parameter.word());
  }
  function.busy = true;
  (void)lower(function.node.value(), types.lower(function.node.type()));
  function.busy = false;
}

/// `secret.k8s(namespace, name, key, from = cluster, after = resource)`: what expand makes a lookup of.
Lowered Lowering::stored_secret(NodeRef node, SourceSpan span) {
  // In a function that is called here it has been refused where it stands.
  if (place_.looking() != UINT32_MAX) return failed(span);
  if (!place_.may_look_up()) {
    error(DiagnosticCode::secret_leak, "`secret.k8s` looks up an object, which cannot be done here", span)
        .helps.push_back({"write it in a field of a resource, provider or component, or in a `let`", {}});
    return failed(span);
  }
  std::array<Lowered, 5> arguments;
  constexpr std::array<std::string_view, 5> names{"", "", "", "from", "after"};
  std::size_t positional = 0;
  std::array<bool, 5> written{};
  for (NodeRef argument : node.children(NodeKind::argument)) {
    auto named = std::find(names.begin() + 3, names.end(), argument.word());
    std::size_t at = argument.word().empty() ? positional++ : static_cast<std::size_t>(named - names.begin());
    if (at >= (argument.word().empty() ? 3 : names.size()) || written[at]) {
      error(DiagnosticCode::wrong_arguments, "`secret.k8s` takes no such argument", argument.span())
          .helps.push_back({stored_secret_form, {}});
      return failed(span);
    }
    written[at] = true;
    TypePtr type = at < 3 ? session_.basic(TypeKind::string) : nullptr;
    if (at == 3) type = cluster_reference();
    arguments[at] = lower(argument.value(), type);
    if (arguments[at].failed || (at == 4 && !refers(arguments[at], argument))) return failed(span);
  }
  if (positional < 3) {
    error(DiagnosticCode::wrong_arguments, "`secret.k8s` needs a namespace, a name and a key", span)
        .helps.push_back({stored_secret_form, {}});
    return failed(span);
  }
  if (!written[3]) place_.looks_up();
  Expr& made = arena_.make(ExprKind::call, span);
  made.name = stored_secret_function;
  made.type = types_.secret(session_.basic(TypeKind::string));
  for (std::size_t i = 0; i < arguments.size(); ++i)
    made.children.push_back(expr(written[i] ? arguments[i] : constant(Value(), nullptr, span)));
  return make(made);
}

TypePtr Lowering::cluster_reference() {
  const ResourceType* cluster = session_.input.types.find(cluster_type);
  return cluster == nullptr ? nullptr : session_.reference_to(*cluster);
}

/// What is waited for is an instance, or all of a collection.
bool Lowering::refers(const Lowered& value, NodeRef argument) {
  TypePtr type = value.type;
  while (type != nullptr && (type->kind == TypeKind::map || type->kind == TypeKind::optional))
    type = type->element;
  if (type != nullptr && type->kind == TypeKind::reference) return true;
  error(DiagnosticCode::type_mismatch, "`after` needs a resource", argument.value().span(),
        type == nullptr ? "" : fmt::format("this is `{}`", to_string(*type)));
  return false;
}

Lowered Lowering::secret_call(NodeRef member, NodeRef node, SourceSpan span) {
  std::string_view name = member.word();
  std::string function = fmt::format("secret.{}", name);
  if (name == "k8s") return stored_secret(node, span);
  if (name != "env" && name != "file") {
    Diagnostic& made = error(DiagnosticCode::unknown_function, fmt::format("there is no `{}`", function),
                             member.word_span());
    session_.suggest(made, name, member.word_span(), {"env", "file", "k8s"});
    return failed(span);
  }
  auto arguments = node.children(NodeKind::argument);
  if (arguments.count() != 1 || !arguments.at(0).word().empty()) {
    error(DiagnosticCode::wrong_arguments, fmt::format("`{}` takes one argument", function), span);
    return failed(span);
  }
  TypePtr string = session_.basic(TypeKind::string);
  Lowered argument = lower(arguments.at(0).value(), string);
  if (argument.failed) return failed(span);
  TypePtr type = types_.secret(string);
  if (argument.is_constant()) return constant(Value::secret({function, {argument.constant}}), type, span);
  if (session_.input.functions.find(function) == nullptr) {
    error(DiagnosticCode::not_yet_supported, fmt::format("the argument of `{}` must be a constant", function),
          argument.span);
    return failed(span);
  }
  Expr& made = arena_.make(ExprKind::call, span);
  made.name = function;
  made.type = type;
  made.children.push_back(expr(argument));
  return make(made);
}

}  // namespace carbon
