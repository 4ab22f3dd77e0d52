#include "dsl/check/check.h"

#include <fmt/format.h>
#include <algorithm>

#include "dsl/check/instances.h"
#include "dsl/check/naming.h"
#include "dsl/check/plain_secrets.h"
#include "dsl/parse/parse.h"
#include "dsl/syntax/removal.h"
#include "engine/expr/evaluate.h"

namespace carbon {

namespace {

/// A package may be there for its policies alone: they hold wherever it is imported.
bool brings_policies(const Session& session, const NameEntry& entry) {
  if (entry.kind != NameKind::package) return false;
  std::uint32_t package = session.imported[entry.index].package;
  return std::any_of(session.policies.begin(), session.policies.end(),
                     [&](const PolicyEntry& policy) { return policy.package == package; });
}

/// The import that a span stands in.
NodeRef import_at(const Session& session, const ScopeWork& work, SourceSpan span) {
  auto trees = session.input.packages.find(session.program.packages[work.package].path);
  if (trees == session.input.packages.end()) return {};
  for (const SyntaxTree* tree : trees->second) {
    for (NodeRef node : tree->root().children(NodeKind::import)) {
      if (node.span().begin <= span.begin && span.end <= node.span().end) return node;
    }
  }
  return {};
}

/// C0311. Only of a program without errors: a faulty declaration may be the one that would have used it.
void warn_of_unused_imports(Session& session) {
  if (session.sink.has_errors()) return;
  for (const ScopeWork& work : session.packages) {
    if (session.program.packages[work.package].path.starts_with("std/")) continue;
    for (const auto& [name, entry] : work.names) {
      bool data = entry.kind == NameKind::value &&
                  work.scope->declarations[entry.index].kind == DeclarationKind::data;
      if (entry.used || (entry.kind != NameKind::package && !data)) continue;
      if (brings_policies(session, entry)) continue;
      Diagnostic& made = session.sink.warning(DiagnosticCode::unused_import,
                                              fmt::format("nothing uses the import `{}`", name), entry.span);
      if (NodeRef node = import_at(session, work, entry.span)) {
        made.helps.push_back({"remove the import",
                              Fix{removal_span(session.input.sources, node.span()), "", FixSafety::safe}});
      }
    }
  }
}

}  // namespace

Program check(const CheckInput& input, DiagnosticSink& sink) {
  Program program;
  program.types = &input.types;
  program.functions = &input.functions;
  Session session(input, program, sink);
  declare_names(session);
  declare_resource_types(session);
  for (TypeEntry& entry : session.type_entries) (void)TypeLowering(session, entry.package).declared(entry);
  for (ScopeWork& scope : session.packages) declare_value_types(session, scope);
  for (ScopeWork& scope : session.components) declare_value_types(session, scope);
  for (std::uint32_t package : program.package_order) lower_lets(session, session.packages[package]);
  for (ScopeWork& scope : session.components) lower_lets(session, scope);
  for (FunctionEntry& function : session.functions) {
    if (!session.in_focus(function.node)) continue;
    Place place(session, session.packages[function.package]);
    Lowering(place, *program.expressions).function_body(function);
  }
  for (ScopeWork& scope : session.packages) lower_declarations(session, scope);
  for (ScopeWork& scope : session.components) lower_declarations(session, scope);
  for (ScopeWork& scope : session.packages) lower_moves(session, scope);
  for (ScopeWork& scope : session.components) lower_moves(session, scope);
  lower_platform(session);
  for (ScopeWork& scope : session.packages) lower_checks(session, scope);
  for (ScopeWork& scope : session.components) lower_checks(session, scope);
  lower_policies(session);
  lower_tests(session);
  if (input.index != nullptr) input.index->finish();
  if (input.focus.known()) return program;
  order_declarations(session);
  warn_of_unused_imports(session);
  warn_of_plain_secrets(session);
  warn_of_naming(session);
  return program;
}

namespace {

bool takes_text(const Type& type) {
  if (type.kind == TypeKind::optional) return takes_text(*type.element);
  bool literals = type.kind == TypeKind::union_ && !type.alternatives.empty() &&
                  type.alternatives.front()->kind == TypeKind::literal;
  return type.kind == TypeKind::string || type.kind == TypeKind::literal || literals;
}

/// The first error of a sink, without places: the text is in no file that the user has.
tl::unexpected<Error> without_place(const DiagnosticSink& sink) {
  Diagnostic first = sink.all().front();
  first.labels.clear();
  for (Help& help : first.helps) help.fix.reset();
  return fail(Error(std::move(first)));
}

}  // namespace

Result<Value> check_constant(Program& program, std::string_view text, TypePtr type) {
  const FunctionTable& functions = *program.functions;
  bool quoted = text.starts_with('"') || text.starts_with('\'');
  if (type != nullptr && takes_text(*type) && !quoted && text != "null")
    return convert(Value::string(text), *type, {}, functions.patterns());
  SourceMap sources;
  std::uint32_t file = sources.add("--set", fmt::format("let value = {}\n", text));
  DiagnosticSink sink;
  SyntaxTree tree = parse(sources, file, sink);
  if (sink.has_errors()) return without_place(sink);
  PackageTrees packages;
  ImportedData data;
  CheckInput input{sources, packages, data, *program.types, functions};
  Session session(input, program, sink);
  session.packages.emplace_back();  // no names, but types are looked up in it
  Place place(session);
  Lowering lowering(place, *program.expressions);
  NodeRef let = *tree.root().children(NodeCategory::declaration).begin();
  const Expr* expr = lowering.expr(lowering.lower(let.value(), type));
  if (sink.has_errors()) return without_place(sink);
  EvalContext context{functions, nullptr};
  Result<Value> value = evaluate(*expr, Frame{}, context);
  return value ? Result<Value>(value->with_origin(0)) : value;
}

}  // namespace carbon
