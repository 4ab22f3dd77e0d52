#include "dsl/expand/expand.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/spelling.h"
#include "dsl/check/check.h"
#include "dsl/expand/expander.h"

namespace carbon {

Expansion expand(const Program& program, const ExpandOptions& options, DiagnosticSink& sink) {
  return Expander(program, options, sink).run();
}

Expander::Expander(const Program& program, const ExpandOptions& options, DiagnosticSink& sink)
    : program_(program), options_(options), sink_(sink), context_{*program.functions, {}, options.fuel} {
  auto moves = [](const auto& each) { return !each.scope.moved.empty(); };
  any_moves_ = std::any_of(program.packages.begin(), program.packages.end(), moves) ||
               std::any_of(program.components.begin(), program.components.end(), moves);
  objects_.set_sources(options.sources);
  context_.attribute = [this](std::string_view address, std::string_view name, SourceSpan span) {
    return objects_.attribute(address, name, span, met_);
  };
  context_.stored_secret = [this](const std::vector<Value>& arguments, SourceSpan span) {
    return stored_secret(arguments, span);
  };
}

Expansion Expander::run() {
  Expansion made;
  if (program_.platform) made.platform = program_.platform->name;
  if (!choose_environment(made)) return made;
  choose_world(made);
  choose_inventory(made);
  pin_cluster(made);
  open_packages();
  ScopeInstance& root = packages_.front();
  if (options_.test != nullptr) mocks();
  evaluate_scope(root);
  unused_patches();
  unused_endpoints();
  if (!stopped_) check_moves();
  unknown_inputs();
  if (sink_.has_errors()) return made;
  judge(made);
  if (sink_.has_errors()) return made;
  ResourceGraph::Builder builder;
  for (std::uint32_t i = 0; i < root.scope->declarations.size(); ++i) {
    const Declaration& declaration = root.scope->declarations[i];
    if (declaration.kind == DeclarationKind::output)
      builder.add_output({declaration.name, root.frame.slots[i], declaration.span});
  }
  order_declared_secrets();
  finish_edges(builder);
  for (Provider& provider : objects_.providers()) (void)builder.add_provider(provider);
  name_targets();
  builder.set_moves(std::move(moves_));
  add_resources(builder, made);
  made.graph = std::move(builder).build(sink_);
  return made;
}

/// Evaluates imported packages, which hold values alone, and prepares the root.
void Expander::open_packages() {
  packages_.resize(program_.packages.size());
  for (std::uint32_t package : program_.package_order) {
    ScopeInstance& scope = packages_[package];
    open(scope, program_.packages[package].scope, nullptr);
    if (package != 0) evaluate_scope(scope);
  }
  if (environment_ == nullptr) return;
  patched_.resize(environment_->patches.size());
  reached_.resize(environment_->endpoints.size());
}

/// What `--set` names and nobody declares.
void Expander::unknown_inputs() {
  for (const auto& [name, text] : options_.set) {
    // clang 14 cannot capture a structured binding.
    auto same = [&wanted = name](const Declaration& each) {
      return each.kind == DeclarationKind::input && each.name == wanted;
    };
    const auto& all = program_.packages.front().scope.declarations;
    if (std::none_of(all.begin(), all.end(), same))
      sink_.error(DiagnosticCode::unknown_name, fmt::format("there is no input `{}`", name), {});
  }
}

bool Expander::choose_environment(Expansion& made) {
  const auto& all = program_.environments;
  auto names = [&] {
    std::vector<std::string_view> list;
    for (const Environment& each : all) list.push_back(each.name);
    return list;
  };
  if (options_.environment) {
    auto same = [&](const Environment& each) { return each.name == *options_.environment; };
    auto found = std::find_if(all.begin(), all.end(), same);
    if (found == all.end() && !(all.empty() && *options_.environment == "default")) {
      Diagnostic& error = sink_.error(DiagnosticCode::environment_not_chosen,
                                      fmt::format("there is no environment `{}`", *options_.environment), {});
      if (auto near = nearest(*options_.environment, names()); !near.empty())
        error.helps.push_back({fmt::format("did you mean `{}`?", near), {}});
      if (!all.empty()) error.notes.push_back(fmt::format("declared are `{}`", fmt::join(names(), "`, `")));
      return false;
    }
    environment_ = found == all.end() ? nullptr : &*found;
  } else if (all.size() == 1) {
    environment_ = &all.front();
  } else if (!all.empty()) {
    Diagnostic& error = sink_.error(DiagnosticCode::environment_not_chosen,
                                    "several environments are declared and none is chosen", all.front().span);
    std::string_view how =
        options_.test != nullptr ? "write `environment {}` in the test" : "say `-e {}` or set CARBON_ENV";
    error.helps.push_back({fmt::format(fmt::runtime(how), all.front().name), {}});
    error.notes.push_back(fmt::format("declared are `{}`", fmt::join(names(), "`, `")));
    return false;
  }
  if (environment_ != nullptr) environment_name_ = environment_->name;
  made.environment = environment_name_;
  return true;
}

void Expander::choose_world(Expansion& made) {
  world_ = options_.world;
  if (!world_ && environment_ != nullptr) world_ = environment_->world;
  if (!world_ && program_.platform) world_ = program_.platform->world;
  made.world = world_;
}

void Expander::choose_inventory(Expansion& made) {
  const InventorySetting* chosen = nullptr;
  if (program_.platform && program_.platform->inventory) chosen = &*program_.platform->inventory;
  if (environment_ != nullptr && environment_->inventory) chosen = &*environment_->inventory;
  if (chosen == nullptr) return;
  made.inventory = InventoryChoice{chosen->kind, "", chosen->span};
  if (chosen->where == nullptr) return;
  std::optional<Value> where = evaluate_in(*chosen->where, Frame{});
  if (where && where->is_string()) made.inventory->where = where->text();
}

void Expander::pin_cluster(Expansion& made) {
  if (environment_ == nullptr || !environment_->cluster) return;
  ClusterPin& pin = made.cluster.emplace();
  pin.span = environment_->cluster->span;
  for (const Expr* written : environment_->cluster->uids) {
    std::optional<Value> uid = written != nullptr ? evaluate_in(*written, Frame{}) : std::nullopt;
    if (uid && uid->is_string()) pin.uids.emplace_back(uid->text());
  }
}

void Expander::open(ScopeInstance& scope, const Scope& of, const Frame* outer) {
  scope.scope = &of;
  scope.frame.outer = outer;
  scope.frame.slots.resize(of.declarations.size());
  scope.depends.resize(of.declarations.size());
  scope.failed.resize(of.declarations.size(), false);
}

void Expander::evaluate_scope(ScopeInstance& scope) {
  for (std::uint32_t index : scope.scope->order) {
    if (stopped_) return;
    evaluate_one(scope, index);
  }
  collect_moves(scope);
}

void Expander::evaluate_one(ScopeInstance& scope, std::uint32_t index) {
  const Declaration& declared = scope.scope->declarations[index];
  auto failed = [&](const Read& read) { return scope.failed[read.declaration]; };
  if (std::any_of(declared.reads.begin(), declared.reads.end(), failed)) {
    scope.failed[index] = true;
  } else {
    ScopeInstance* around = std::exchange(scope_, &scope);
    declaration(scope, index);
    scope_ = around;
  }
}

void Expander::declaration(ScopeInstance& scope, std::uint32_t index) {
  const Declaration& declared = scope.scope->declarations[index];
  address_.clear();
  switch (declared.kind) {
    case DeclarationKind::environment:
      scope.frame.slots[index] = Value::record({{Value::string("name"), Value::string(environment_name_)}});
      return;
    case DeclarationKind::data: scope.frame.slots[index] = declared.constant; return;
    case DeclarationKind::borrowed:
      scope.frame.slots[index] = packages_[declared.package].frame.slots[declared.lent];
      scope.failed[index] = packages_[declared.package].failed[declared.lent];
      return;
    case DeclarationKind::let:
    case DeclarationKind::output: return value(scope, index, declared.value, declared.locals);
    case DeclarationKind::input:
      return scope.around == nullptr ? root_input(scope, index) : given_input(scope, index);
    case DeclarationKind::resource:
    case DeclarationKind::lookup:
    case DeclarationKind::provider:
    case DeclarationKind::use: return instance(scope, index);
  }
}

void Expander::value(ScopeInstance& scope, std::uint32_t index, const Expr* expr, std::uint32_t locals) {
  const Declaration& declared = scope.scope->declarations[index];
  Frame frame;
  frame.slots.resize(locals);
  frame.outer = &scope.frame;
  met_.clear();
  std::optional<Value> made = expr == nullptr ? std::optional(Value()) : evaluate_in(*expr, frame);
  scope.failed[index] = !made;
  if (!made) return;
  for (const Read& read : declared.reads) {
    const Dependencies& more = scope.depends[read.declaration];
    met_.insert(met_.end(), more.begin(), more.end());
  }
  scope.frame.slots[index] = std::move(*made);
  deduplicate(met_);
  scope.depends[index] = std::exchange(met_, {});
}

namespace {

bool is_secret(const Type& type) {
  return type.kind == TypeKind::secret || (type.kind == TypeKind::optional && is_secret(*type.element));
}

}  // namespace

/// The value that the command line gives an input. Errors do not repeat what may be a secret.
Result<Value> Expander::set_input(const Declaration& declared, const std::string& text) {
  // Lowering adds expressions to the program's arena, and nothing else to the program.
  Result<Value> made = check_constant(const_cast<Program&>(program_), text, declared.type);
  bool secret = declared.type != nullptr && is_secret(*declared.type);
  if (made && (!secret || made->is_secret() || made->is_null())) return made;
  if (secret) {
    return fail(
        Error(DiagnosticCode::secret_leak,
              fmt::format("--set {}: a secret must not stand on the command line", declared.name))
            .note("others on this machine can read it there, and the shell's history keeps it")
            .help(fmt::format("say where it is: --set {}='secret.env(\"VARIABLE\")'", declared.name)));
  }
  made.error().diagnostic().message = fmt::format("--set {}: {}", declared.name, made.error().message());
  return made;
}

void Expander::root_input(ScopeInstance& scope, std::uint32_t index) {
  const Declaration& declared = scope.scope->declarations[index];
  if (auto set = options_.set.find(declared.name); set != options_.set.end()) {
    Result<Value> made = set_input(declared, set->second);
    scope.failed[index] = !made;
    if (made) {
      scope.frame.slots[index] = std::move(*made);
    } else {
      sink_.add(made.error().diagnostic());
    }
    return;
  }
  auto written = [&](const std::vector<InputLine>& lines) -> const InputLine* {
    for (const InputLine& line : lines) {
      if (line.input == index) return &line;
    }
    return nullptr;
  };
  const InputLine* line = options_.test != nullptr ? written(options_.test->given) : nullptr;
  if (line == nullptr && environment_ != nullptr) line = written(environment_->lines);
  if (line != nullptr) return value(scope, index, line->value, line->locals);
  if (declared.value != nullptr) return value(scope, index, declared.value, declared.locals);
  if (declared.type != nullptr && declared.type->kind == TypeKind::optional) return;
  scope.failed[index] = true;
  Diagnostic& error =
      sink_.error(DiagnosticCode::input_without_value, fmt::format("input `{}` has no value", declared.name),
                  declared.span, "no default is written");
  error.helps.push_back({fmt::format("say `--set {}=…`{}", declared.name,
                                     environment_ != nullptr
                                         ? fmt::format(" or write it in environment `{}`", environment_->name)
                                         : std::string()),
                         {}});
}

void Expander::given_input(ScopeInstance& scope, std::uint32_t index) {
  const Declaration& declared = scope.scope->declarations[index];
  auto given = scope.given.find(declared.name);
  if (given != scope.given.end()) {
    scope.frame.slots[index] = given->second;
    scope.depends[index] = scope.given_from[declared.name];
  } else if (declared.value != nullptr) {
    value(scope, index, declared.value, declared.locals);
  }
}

std::optional<Value> Expander::evaluate_in(const Expr& expr, const Frame& frame) {
  if (expr.kind == ExprKind::constant) return expr.constant;
  Result<Value> value = evaluate(expr, frame, context_);
  if (value) return std::move(*value);
  report(value.error());
  return std::nullopt;
}

void Expander::report(const Error& error) {
  Diagnostic diagnostic = error.diagnostic();
  if (diagnostic.address.empty()) diagnostic.address = address_;
  stopped_ = stopped_ || diagnostic.code == DiagnosticCode::fuel_exhausted;
  sink_.add(std::move(diagnostic));
}

bool Expander::spend(SourceSpan span) {
  if (++count_ <= options_.max_resources) return true;
  if (!stopped_) {
    sink_.error(DiagnosticCode::fuel_exhausted,
                fmt::format("the platform has more than {} resources", options_.max_resources), span);
  }
  stopped_ = true;
  return false;
}

bool Expander::spend(const Value& desired, SourceSpan span) {
  context_.fuel -= desired.weight();
  if (context_.fuel >= 0) return true;
  if (!stopped_)
    sink_.error(DiagnosticCode::fuel_exhausted, "the platform's resources hold more than evaluation allows",
                span);
  stopped_ = true;
  return false;
}

}  // namespace carbon
