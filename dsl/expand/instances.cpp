#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "base/value_json.h"
#include "dsl/expand/expander.h"
#include "engine/expr/wording.h"

namespace carbon {

namespace {

constexpr std::string_view key_text_needed = "a key is a string or an int";

}  // namespace

void Expander::instance(ScopeInstance& scope, std::uint32_t index) {
  const Declaration& declared = scope.scope->declarations[index];
  const Instance& made = *declared.instance;
  Value result;
  if (made.repetition.collection != nullptr) {
    scope.failed[index] = !members(scope, index, result);
  } else {
    Frame frame;
    frame.slots.resize(declared.locals);
    frame.outer = &scope.frame;
    std::optional<bool> keeps = kept(made.repetition, frame);
    scope.failed[index] = !keeps || (*keeps && !one_member(scope, index, frame, std::nullopt, result));
  }
  scope.frame.slots[index] = std::move(result);
}

bool Expander::members(ScopeInstance& scope, std::uint32_t index, Value& result) {
  const Declaration& declared = scope.scope->declarations[index];
  const Repetition& repetition = declared.instance->repetition;
  Frame frame;
  frame.slots.resize(declared.locals);
  frame.outer = &scope.frame;
  met_.clear();
  std::optional<Value> collection = evaluate_in(*repetition.collection, frame);
  if (!collection) return false;
  if (auto problem = open_problem("what is repeated over", *collection, repetition.span)) {
    report(*problem);
    return false;
  }
  if (collection->kind() == ValueKind::list && repetition.key == nullptr) {
    sink_.error(DiagnosticCode::key_needed, "repeating over a list needs a stable key", repetition.span,
                "positions are not addresses");
    return false;
  }
  // What the collection needs, every member needs.
  scope.depends[index] = met_;
  std::vector<Entry> references;
  std::set<std::string> seen;
  bool good = true;
  auto member = [&](const Value& key, const Value& value) {
    if (stopped_) return;
    if (repetition.variables == 2) frame.slots[repetition.slot] = key;
    frame.slots[repetition.variables == 2 ? repetition.slot + 1 : repetition.slot] = value;
    std::optional<bool> keeps = kept(repetition, frame);
    std::optional<std::string> text = keeps && *keeps ? member_key(repetition, frame, key) : std::nullopt;
    good = good && keeps && (text || !*keeps);
    if (!text) return;
    if (!seen.emplace(*text).second) {
      sink_.error(DiagnosticCode::duplicate_key, fmt::format("two members have the key `{}`", *text),
                  repetition.span, "gives the same key again");
      good = false;
      return;
    }
    Value reference;
    good = one_member(scope, index, frame, text, reference) && good;
    references.push_back({Value::string(*text), std::move(reference)});
  };
  if (collection->is_fields()) {
    for (const Entry& entry : collection->entries()) member(entry.key, entry.value);
  } else if (collection->is_sequence()) {
    std::int64_t position = 0;
    bool set = collection->kind() == ValueKind::set;
    for (const Value& item : collection->items()) member(set ? item : Value::integer(position++), item);
  } else {
    sink_.error(
        DiagnosticCode::type_mismatch,
        fmt::format("expected a list, set, map or record to repeat over, found {}", describe(*collection)),
        repetition.span);
    return false;
  }
  result = Value::map(std::move(references));
  return good;
}

std::optional<bool> Expander::kept(const Repetition& repetition, const Frame& frame) {
  if (repetition.condition == nullptr) return true;
  std::optional<Value> holds = evaluate_in(*repetition.condition, frame);
  if (!holds) return std::nullopt;
  if (auto problem = open_problem("a condition", *holds, repetition.condition->span)) {
    report(*problem);
    return std::nullopt;
  }
  return holds->kind() == ValueKind::boolean && holds->as_bool();
}

std::optional<std::string> Expander::member_key(const Repetition& repetition, const Frame& frame,
                                                const Value& key) {
  Value value = key;
  SourceSpan span = repetition.span;
  if (repetition.key != nullptr) {
    std::optional<Value> by = evaluate_in(*repetition.key, frame);
    if (!by) return std::nullopt;
    value = std::move(*by);
    span = repetition.key->span;
  }
  if (auto problem = open_problem("a resource key", value, span)) {
    report(*problem);
    return std::nullopt;
  }
  if (auto text = key_text(value)) return text;
  sink_.error(DiagnosticCode::type_mismatch, fmt::format("{}, found {}", key_text_needed, describe(value)),
              span);
  return std::nullopt;
}

bool Expander::one_member(ScopeInstance& scope, std::uint32_t index, Frame& frame,
                          const std::optional<std::string>& key, Value& reference) {
  const Declaration& declared = scope.scope->declarations[index];
  const Instance& instance = *declared.instance;
  if (!spend(declared.span)) return false;
  std::string address = scope.prefix + declared.name;
  if (key) address += fmt::format("[{}]", json_quote(*key));
  address_ = address;
  Member member{scope, declared, index, address, key, frame};
  for (const LocalLet& let : instance.lets) {
    met_.clear();
    std::optional<Value> value = evaluate_in(*let.value, frame);
    if (!value) return false;
    frame.slots[let.slot] = std::move(*value);
  }
  met_.clear();
  bool good = false;
  switch (declared.kind) {
    case DeclarationKind::use: good = use(member); break;
    case DeclarationKind::provider: good = provider(member); break;
    case DeclarationKind::resource:
    case DeclarationKind::lookup: good = resource(member); break;
    case DeclarationKind::environment:
    case DeclarationKind::data:
    case DeclarationKind::borrowed:
    case DeclarationKind::let:
    case DeclarationKind::input:
    case DeclarationKind::output: break;
  }
  bool absent = instance.optional && !objects_.is_mocked(address);
  reference = absent ? Value::unknown_attribute(address, "") : Value::reference(address);
  return good;
}

/// What the names read by the declaration depend on is needed by the member too.
void Expander::inherit(const Member& member, Dependencies& into) {
  for (const Read& read : member.declaration.reads) {
    // A provider that is found by itself is an edge of its own.
    if (member.scope.scope->declarations[read.declaration].kind == DeclarationKind::provider) continue;
    const Dependencies& more = member.scope.depends[read.declaration];
    into.insert(into.end(), more.begin(), more.end());
  }
  const Dependencies& own = member.scope.depends[member.index];
  into.insert(into.end(), own.begin(), own.end());
  deduplicate(into);
}

bool Expander::use(Member& member) {
  const Instance& instance = *member.declaration.instance;
  const Component& component = *instance.component;
  ScopeInstance inner;
  inner.around = &member.scope;
  inner.prefix = member.address + ".";
  const Expr& body = *instance.body;
  bool simple = body.kind == ExprKind::record &&
                std::all_of(body.children.begin(), body.children.end(), [](const Expr* child) {
                  return child->kind == ExprKind::field && child->children.size() == 1;
                });
  if (simple) {
    // One by one, so that an input depends on its own expression only.
    for (const Expr* field : body.children) {
      met_.clear();
      std::optional<Value> value = evaluate_in(*field->children[0], member.frame);
      if (!value) return false;
      inner.given[field->name] = std::move(*value);
      inherit(member, met_);
      inner.given_from[field->name] = std::exchange(met_, {});
    }
  } else {
    std::optional<Value> all = evaluate_in(body, member.frame);
    if (!all) return false;
    inherit(member, met_);
    for (const Entry& entry : all->entries()) {
      inner.given[std::string(entry.key.text())] = entry.value;
      if (body.kind != ExprKind::constant) inner.given_from[std::string(entry.key.text())] = met_;
    }
  }
  open(inner, component.scope, &packages_[component.package].frame);
  evaluate_scope(inner);
  address_ = member.address;
  std::map<std::string, OutputValue> outputs;
  bool good = !stopped_;
  for (std::uint32_t i = 0; i < inner.scope->declarations.size(); ++i) {
    good = good && !inner.failed[i];
    if (inner.scope->declarations[i].kind == DeclarationKind::output)
      outputs[inner.scope->declarations[i].name] = {inner.frame.slots[i], inner.depends[i]};
  }
  if (good) scope_checks(inner, member.address);
  // A test may look at what stands inside, where no output has the name.
  for (std::uint32_t i = 0; options_.test != nullptr && i < inner.scope->declarations.size(); ++i) {
    const Declaration& declared = inner.scope->declarations[i];
    if (declared.instance != nullptr)
      outputs.try_emplace(declared.name, OutputValue{inner.frame.slots[i], {}});
  }
  objects_.add_outputs(member.address, std::move(outputs));
  after(member);
  return good;
}

bool Expander::provider(Member& member) {
  const Instance& instance = *member.declaration.instance;
  std::optional<Value> config = evaluate_in(*instance.body, member.frame);
  if (!config || !endpoint(member, *config)) return false;
  Dependencies depends = std::exchange(met_, {});
  inherit(member, depends);
  std::uint32_t index = objects_.add(
      {member.address, instance.type, std::move(*config), member.declaration.span}, std::move(depends));
  for (const AddressPath& server : instance.settings.served_by) {
    if (auto text = address_of(member, server)) servers_.push_back({index, std::move(*text), server.span});
  }
  return true;
}

bool Expander::resource(Member& member) {
  const Instance& instance = *member.declaration.instance;
  Resource made;
  made.address = member.address;
  made.type = instance.type;
  made.span = member.declaration.span;
  if (instance.type->manifests) return manifests(member);
  if (member.declaration.kind == DeclarationKind::lookup)
    made.mode = instance.optional ? ResourceMode::optional_lookup : ResourceMode::lookup;
  std::optional<std::uint32_t> provider = provider_of(member);
  if (!provider) return false;
  made.provider = *provider;
  met_.clear();
  std::optional<Value> desired = evaluate_in(*instance.body, member.frame);
  if (!desired) return false;
  made.desired = std::move(*desired);
  if (!spend(made.desired, member.declaration.span)) return false;
  if (!patch(member, made.desired)) return false;
  if (!fill_defaults(instance, made.desired)) return false;
  if (!normalize(instance, made.desired)) return false;
  Dependencies depends = std::exchange(met_, {});
  inherit(member, depends);
  if (!settings(member, made)) return false;
  if (!identify(member, made)) return false;
  if (!fits_type(made)) return false;
  if (!keeps(member, made)) return false;
  if (!register_identity(made)) return false;
  edges_of(member, made, std::move(depends));
  after(member);
  objects_.add(std::move(made));
  return true;
}

/// What the checks of its type say of a resource. Those that wait for a server are asked when it has
/// answered.
bool Expander::fits_type(const Resource& made) {
  if (made.mode != ResourceMode::managed || made.type->checks.empty()) return true;
  Judge judge(objects_, context_, options_.sources, sink_, report_);
  bool good = judge.type_checks(made);
  met_.clear();  // what a check reads, nothing depends on
  return good;
}

bool Expander::normalize(const Instance& instance, Value& desired) {
  if (instance.type->normalize.empty()) return true;
  std::vector<Entry> entries(desired.entries().begin(), desired.entries().end());
  for (const Normalization& rule : instance.type->normalize) {
    for (Entry& entry : entries) {
      if (entry.key.text() != rule.field || entry.value.is_null()) continue;
      Frame frame;
      frame.slots = {entry.value};
      std::optional<Value> value = evaluate_in(*rule.value, frame);
      if (!value) return false;
      entry.value = value->with_origin(entry.value.origin());
    }
  }
  desired = Value::record(std::move(entries));
  return true;
}

bool Expander::fill_defaults(const Instance& instance, Value& desired) {
  auto defaults = program_.self_defaults.find(instance.type);
  if (defaults == program_.self_defaults.end()) return true;
  for (const SelfDefault& each : defaults->second) {
    if (desired.find(each.field) != nullptr) continue;
    Frame frame;
    frame.slots.resize(each.locals);
    frame.slots[0] = desired;
    std::optional<Value> value = evaluate_in(*each.value, frame);
    if (!value) return false;
    std::vector<Entry> entries(desired.entries().begin(), desired.entries().end());
    entries.push_back({Value::string(each.field), std::move(*value)});
    desired = Value::record(std::move(entries));
  }
  return true;
}

bool Expander::settings(Member& member, Resource& made) {
  const InstanceSettings& written = member.declaration.instance->settings;
  Settings& settings = made.settings;
  settings.ignore = written.ignore;
  settings.replace = written.replace;
  settings.protect = written.protect;
  bool good = true;
  auto known = [&](const Expr* expr) -> std::optional<Value> {
    if (expr == nullptr) return std::nullopt;
    std::optional<Value> value = evaluate_in(*expr, member.frame);
    if (!value) good = false;
    if (!value) return std::nullopt;
    if (auto problem = open_problem("a setting", *value, expr->span)) {
      report(*problem);
      good = false;
      return std::nullopt;
    }
    return value;
  };
  if (auto protect = known(written.protect_when)) settings.protect = protect->as_bool();
  if (auto timeout = known(written.timeout)) settings.timeout = timeout->as_duration();
  std::optional<Value> times = known(written.retry_times);
  std::optional<Value> pause = known(written.retry_pause);
  if (times && pause)
    settings.retry = Retry{static_cast<std::uint32_t>(times->as_int()), pause->as_duration()};
  if (auto adopt = known(written.adopt)) settings.adopt = std::string(adopt->text());
  met_.clear();
  return good;
}

std::optional<std::string> Expander::address_of(Member& member, const AddressPath& target) {
  std::string text = member.scope.prefix + target.name;
  bool good = true;
  for (const AddressPath::Part& part : target.parts) {
    if (part.key == nullptr) {
      text += "." + part.name;
      continue;
    }
    std::optional<Value> key = evaluate_in(*part.key, member.frame);
    std::optional<std::string> name = key ? key_text(*key) : std::nullopt;
    good = good && name;
    if (name) text += fmt::format("[{}]", json_quote(*name));
  }
  return good ? std::optional(std::move(text)) : std::nullopt;
}

void Expander::after(Member& member) {
  for (const AddressPath& target : member.declaration.instance->settings.after) {
    if (auto text = address_of(member, target))
      afters_.push_back({member.address, std::move(*text), target.span});
  }
}

}  // namespace carbon
