// `test "name" { … }`: an environment, what is given instead of its lines, and what must come out.

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "dsl/check/instances.h"
#include "dsl/check/settings.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

class TestLowering {
 public:
  TestLowering(Session& session, NodeRef node)
      : session_(session),
        root_(session.packages.front()),
        node_(node),
        place_(session, root_),
        lowering_(place_, *session.program.expressions) {}

  Test run() {
    NodeRef name = node_.child(NodeKind::string);
    made_.name = constant_string(name).value_or("");
    made_.span = name.span();
    place_.judge(Place::Judging::test, &made_.queries);
    NodeRef body = node_.child(NodeKind::body);
    for (NodeRef item : body.children(NodeCategory::item)) {
      if (item.is(NodeKind::item_let)) let(item);
      if (!item.is(NodeKind::item_let) && !item.is(NodeKind::setting))
        session_.error(DiagnosticCode::expected_token, "a test has settings and `let`", item.span());
    }
    for (NodeRef setting : read_settings(session_, body, SettingPlace::test, nullptr)) this->setting(setting);
    made_.queries.locals = place_.slots();
    if (!made_.errors.empty() && !made_.expects.empty()) {
      session_.error(DiagnosticCode::setting_arguments,
                     "a test expects errors or values: after an error there are none",
                     made_.errors.front().span);
    }
    return std::move(made_);
  }

 private:
  void let(NodeRef node) {
    TypePtr type = node.type() ? TypeLowering(session_, 0).lower(node.type()) : nullptr;
    Lowered value = lowering_.lower(node.value(), type);
    std::uint32_t slot = place_.bind(node.word(), node.word_span(), type != nullptr ? type : value.type);
    made_.lets.push_back({slot, lowering_.expr(value)});
  }

  void setting(NodeRef node) {
    if (node.word() == "environment") return environment(node);
    if (node.word() == "given") return given(node);
    if (node.word() == "mock") return mock(node);
    expect(node);
  }

  void environment(NodeRef node) {
    NodeRef value = node.value();
    std::string_view name = value.is(NodeKind::name) ? value.text() : std::string_view();
    std::vector<std::string_view> near;
    for (const Environment& each : session_.program.environments) {
      near.push_back(each.name);
      if (each.name == name) session_.index_name(value.span(), each.span, nullptr);
    }
    if (std::find(near.begin(), near.end(), name) == near.end()) {
      Diagnostic& error = session_.error(
          DiagnosticCode::unknown_name,
          fmt::format("there is no environment `{}`", session_.input.sources.text(value.span())),
          value.span());
      session_.suggest(error, name, value.span(), near);
    }
    made_.environment = std::string(name);
  }

  void given(NodeRef node) {
    if (!node.value().is(NodeKind::body)) {
      session_.error(DiagnosticCode::setting_arguments, "`given` is `{ input = value, … }`", node.span());
      return;
    }
    for (NodeRef item : node.value().children(NodeCategory::item)) {
      if (item.is(NodeKind::field)) {
        if (auto line = lower_input_line(session_, root_, item, made_.given)) made_.given.push_back(*line);
      } else {
        session_.error(DiagnosticCode::expected_token, "`given` has lines `input = value`", item.span());
      }
    }
  }

  /// The fields are constants: a mock stands before everything that could be computed.
  void mock(NodeRef node) {
    auto arguments = node.children(NodeCategory::expression);
    Test::Mock made;
    Place nothing(session_);
    Lowering constants(nothing, *session_.program.expressions);
    if (!lower_address(constants, root_, arguments.at(0), made.target)) return;
    const ResourceType* type = instance_of(made.target);
    if (type == nullptr || !arguments.at(1).is(NodeKind::body)) {
      session_.error(DiagnosticCode::setting_arguments, "`mock` is `mock RESOURCE { field = value, … }`",
                     node.span());
      return;
    }
    TypePtr fields = session_.partial(type->schema);
    made.fields = constants.expr(constants.lower_body(arguments.at(1), fields, BodyMode::taken));
    made_.mocks.push_back(std::move(made));
  }

  /// The type of the resource at the end of the path, which lower_address has found; nullptr for a component.
  [[nodiscard]] const ResourceType* instance_of(const AddressPath& path) const {
    const Scope* scope = root_.scope;
    const Instance* instance = nullptr;
    auto step = [&](const std::string& name) {
      for (const Declaration& each : scope->declarations) {
        if (each.name == name && each.instance != nullptr) instance = each.instance.get();
      }
      if (instance != nullptr && instance->component != nullptr) scope = &instance->component->scope;
    };
    step(path.name);
    for (const AddressPath::Part& part : path.parts) {
      if (part.key == nullptr) step(part.name);
    }
    return instance == nullptr ? nullptr : instance->type;
  }

  void expect(NodeRef node) {
    auto arguments = node.children(NodeCategory::expression);
    bool error = arguments.at(0).is(NodeKind::name) && arguments.at(0).text() == "error";
    if (error && arguments.count() == 2) return expect_error(arguments.at(1));
    if (arguments.count() != 1) {
      session_.error(DiagnosticCode::setting_arguments, "`expect` is `expect CONDITION else \"…\"`",
                     node.span());
      return;
    }
    Check made;
    made.span = arguments.at(0).span();
    made.condition = lowering_.condition(arguments.at(0));
    NodeRef message = node.child(NodeKind::else_clause);
    if (message)
      made.message = lowering_.expr(lowering_.lower(message.value(), session_.basic(TypeKind::string)));
    made_.expects.push_back(made);
  }

  void expect_error(NodeRef node) {
    std::string_view text = session_.input.sources.text(node.span());
    std::uint16_t number = 0;
    bool shaped = text.size() == 5 && text.front() == 'C';
    if (shaped) {
      auto [end, problem] = std::from_chars(text.data() + 1, text.data() + text.size(), number);
      shaped = problem == std::errc() && end == text.data() + text.size();
    }
    auto code = static_cast<DiagnosticCode>(number);
    if (!shaped || !is_known(code)) {
      session_.error(DiagnosticCode::setting_arguments, fmt::format("`{}` is no code of an error", text),
                     node.span(), "as `C0410`");
      return;
    }
    made_.errors.push_back({code, node.span()});
  }

  Session& session_;
  ScopeWork& root_;
  NodeRef node_;
  Test made_;
  Place place_;
  Lowering lowering_;
};

}  // namespace

void lower_tests(Session& session) {
  auto trees = session.input.packages.find("");
  if (trees == session.input.packages.end()) return;
  for (const SyntaxTree* tree : trees->second) {
    for (NodeRef node : tree->root().children(NodeKind::test)) {
      if (!session.in_focus(node)) continue;
      Test made = TestLowering(session, node).run();
      for (const Test& other : session.program.tests) {
        if (other.name != made.name) continue;
        session
            .error(DiagnosticCode::duplicate_name, fmt::format("two tests have the name `{}`", made.name),
                   made.span, "again here")
            .labels.push_back({other.span, "first here"});
      }
      session.program.tests.push_back(std::move(made));
    }
  }
}

}  // namespace carbon
