// `platform` and `environment`: what holds for the whole, and what differs.

#include <fmt/format.h>
#include <algorithm>

#include "dsl/check/instances.h"
#include "dsl/check/required_version.h"
#include "dsl/check/settings.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

class PlatformLowering {
 public:
  explicit PlatformLowering(Session& session) : session_(session), root_(session.packages.front()) {}

  void run() {
    auto trees = session_.input.packages.find("");
    if (trees == session_.input.packages.end()) return;
    for (const SyntaxTree* tree : trees->second) {
      for (NodeRef node : tree->root().children(NodeKind::platform)) platform(node);
      for (NodeRef node : tree->root().children(NodeKind::environment)) {
        if (session_.in_focus(node)) environment(node);
      }
    }
  }

 private:
  void platform(NodeRef node) {
    if (session_.program.platform) {
      session_
          .error(DiagnosticCode::misplaced_declaration, "there is more than one `platform`", node.word_span(),
                 "again here")
          .labels.push_back({session_.program.platform->span, "first here"});
      return;
    }
    Platform& made = session_.program.platform.emplace();
    made.name = std::string(node.word());
    made.span = node.word_span();
    NodeRef body = node.child(NodeKind::body);
    for (NodeRef setting : read_settings(session_, body, SettingPlace::platform, nullptr)) {
      if (setting.word() == "requires") {
        required_version(setting);
      } else {
        this->setting(setting, made.world, made.inventory);
      }
    }
    Place place(session_);
    Lowering lowering(place, *session_.program.expressions);
    TypePtr string = session_.basic(TypeKind::string);
    for (NodeRef item : body.children(NodeCategory::item)) {
      if (item.is(NodeKind::setting)) continue;
      std::string_view name = item.is(NodeKind::field) ? item.word() : std::string_view();
      if (name == "title" || name == "description") {
        Lowered value = lowering.lower(item.value(), string);
        if (value.is_constant()) (name == "title" ? made.title : made.description) = value.constant.text();
      } else if (name == "owners") {
        Lowered value = lowering.lower(item.value(), session_.types.list(string));
        if (!value.is_constant()) continue;
        for (const Value& owner : value.constant.items()) made.owners.emplace_back(owner.text());
      } else {
        SourceSpan span = item.word_span().known() ? item.word_span() : item.span();
        Diagnostic& error =
            session_.error(DiagnosticCode::unknown_field, fmt::format("`platform` has no field `{}`", name),
                           span, "unknown field");
        session_.suggest(error, name, span, {"title", "description", "owners"});
      }
    }
  }

  /// `requires carbon ">= 0.2"`.
  void required_version(NodeRef node) {
    auto arguments = node.children(NodeCategory::expression);
    NodeRef demand = arguments.at(1);
    bool literal = demand.is(NodeKind::string) || demand.is(NodeKind::raw_string);
    std::optional<std::string> text = literal ? constant_string(demand) : std::nullopt;
    if (arguments.at(0).text() != "carbon" || !text) {
      session_.error(DiagnosticCode::setting_arguments, "`requires` is `requires carbon \">= 0.2\"`",
                     node.span());
      return;
    }
    std::string_view own = session_.input.tool_version;
    Result<bool> fits = version_fits(own.empty() ? "0" : own, *text);
    if (!fits) {
      Diagnostic wrong = fits.error().diagnostic();
      wrong.labels.push_back({demand.span(), ""});
      session_.sink.add(std::move(wrong));
    } else if (!*fits && !own.empty()) {
      session_.error(DiagnosticCode::other_version,
                     fmt::format("this is carbon {}, and the platform requires carbon {}", own, *text),
                     demand.span());
    }
  }

  void setting(NodeRef node, std::optional<World>& world, std::optional<InventorySetting>& inventory) {
    if (node.word() == "world") {
      std::string_view word = setting_word(session_, node, {"live", "sandbox"});
      if (!word.empty()) world = word == "live" ? World::live : World::sandbox;
      return;
    }
    auto arguments = node.children(NodeCategory::expression);
    std::string_view kind = arguments.at(0).is(NodeKind::name) ? arguments.at(0).text() : std::string_view();
    if (kind == "postgres" || kind == "kubernetes") {
      shared_inventory(node, kind, inventory);
      return;
    }
    if (kind != "sqlite" || arguments.count() > 2) {
      session_.error(DiagnosticCode::setting_arguments,
                     "`inventory` is `sqlite \"dir\"`, `postgres PROVIDER` or `kubernetes PROVIDER`",
                     node.span());
      return;
    }
    inventory.emplace();
    inventory->kind = "sqlite";
    inventory->span = node.span();
    if (arguments.count() < 2) return;
    Place place(session_);
    Lowering lowering(place, *session_.program.expressions);
    inventory->where = lowering.expr(lowering.lower(arguments.at(1), session_.basic(TypeKind::string)));
  }

  /// A provider of the root by its name; that there is none has been reported.
  std::optional<std::uint32_t> root_provider(NodeRef name) {
    auto provider = declared(name, DeclarationKind::provider);
    if (provider) return provider;
    Diagnostic& error =
        session_.error(DiagnosticCode::unknown_name, fmt::format("there is no provider `{}`", name.text()),
                       name.span(), "not a provider of the root");
    suggest_declared(error, name, DeclarationKind::provider);
    return provider;
  }

  /// Why a provider's type cannot hold an inventory of that kind; empty where it can.
  static std::string_view unfit(std::string_view kind, const ResourceType& type) {
    if (kind == "kubernetes") return type.name == "k8s.Cluster" ? "" : "cluster of Kubernetes";
    bool database = type.schema->field("host") != nullptr && type.http.base == nullptr;
    return database ? "" : "server of PostgreSQL";
  }

  /// Its `where` is the provider's name, for Kubernetes with a `/` and the namespace behind it where one is
  /// written.
  void shared_inventory(NodeRef node, std::string_view kind, std::optional<InventorySetting>& inventory) {
    auto arguments = node.children(NodeCategory::expression);
    bool has_namespace = kind == "kubernetes" && arguments.count() == 3;
    if ((arguments.count() != 2 && !has_namespace) || !arguments.at(1).is(NodeKind::name)) {
      session_.error(DiagnosticCode::setting_arguments,
                     fmt::format("`inventory {}` has the name of one provider{}", kind,
                                 kind == "kubernetes" ? ", and a namespace at most" : ""),
                     node.span());
      return;
    }
    NodeRef name = arguments.at(1);
    auto provider = root_provider(name);
    if (!provider) return;
    const ResourceType* type = root_.scope->declarations[*provider].instance->type;
    if (type == nullptr) return;
    if (std::string_view wanted = unfit(kind, *type); !wanted.empty()) {
      session_.error(DiagnosticCode::setting_arguments, fmt::format("a `{}` is no {}", type->name, wanted),
                     name.span());
      return;
    }
    Place place(session_);
    Lowering lowering(place, *session_.program.expressions);
    std::string written(name.text());
    if (has_namespace) {
      Lowered space = lowering.lower(arguments.at(2), session_.types.checked(CheckedString::dns_label));
      if (space.failed) return;
      if (!space.is_constant()) {
        session_.error(DiagnosticCode::setting_arguments,
                       "the namespace of an inventory is a text that is written here",
                       arguments.at(2).span());
        return;
      }
      written += "/" + std::string(space.constant.text());
    }
    Lowered where;
    where.constant = Value::string(written);
    where.type = session_.basic(TypeKind::string);
    where.span = name.span();
    inventory = InventorySetting{std::string(kind), lowering.expr(where), node.span()};
  }

  void environment(NodeRef node) {
    auto& all = session_.program.environments;
    auto same = [&](const Environment& each) { return each.name == node.word(); };
    auto found = std::find_if(all.begin(), all.end(), same);
    if (found != all.end()) {
      session_
          .error(DiagnosticCode::duplicate_name,
                 fmt::format("environment `{}` is declared twice", node.word()), node.word_span(),
                 "again here")
          .labels.push_back({found->span, "first here"});
      return;
    }
    Environment made;
    made.name = std::string(node.word());
    made.span = node.word_span();
    session_.index_name(made.span, made.span, nullptr);
    NodeRef body = node.child(NodeKind::body);
    for (NodeRef setting : read_settings(session_, body, SettingPlace::environment, nullptr)) {
      if (setting.word() == "patch") {
        patch(setting, made);
      } else if (setting.word() == "cluster") {
        cluster(setting, made);
      } else if (setting.word() == "endpoint") {
        endpoint(setting, made);
      } else {
        this->setting(setting, made.world, made.inventory);
      }
    }
    for (NodeRef item : body.children(NodeCategory::item)) {
      if (item.is(NodeKind::field)) {
        if (auto line = lower_input_line(session_, root_, item, made.lines)) made.lines.push_back(*line);
      }
      if (!item.is(NodeKind::field) && !item.is(NodeKind::setting)) {
        session_.error(DiagnosticCode::expected_token,
                       "an environment has lines `input = value` and settings", item.span());
      }
    }
    all.push_back(std::move(made));
  }

  void cluster(NodeRef node, Environment& made) {
    auto arguments = node.children(NodeCategory::expression);
    if (!arguments.at(0).is(NodeKind::name) || arguments.at(0).text() != "uid") {
      session_.error(DiagnosticCode::setting_arguments, "`cluster` is `cluster uid \"…\"`", node.span())
          .helps.push_back({"the second line of a plan says the uid of the cluster that was read", {}});
      return;
    }
    made.cluster.emplace();
    made.cluster->span = node.span();
    Place place(session_);
    Lowering lowering(place, *session_.program.expressions);
    for (std::size_t i = 1; i < arguments.count(); ++i) {
      Lowered uid = lowering.lower(arguments.at(i), session_.basic(TypeKind::string));
      made.cluster->uids.push_back(lowering.expr(std::move(uid)));
    }
  }

  void patch(NodeRef node, Environment& made) {
    auto arguments = node.children(NodeCategory::expression);
    NodeRef target = arguments.at(0);
    NodeRef first = target.is(NodeKind::postfix) ? *target.children().begin() : target;
    auto resource = declared(first, DeclarationKind::resource);
    if (!resource || !arguments.at(1).is(NodeKind::body)) {
      Diagnostic& error =
          session_.error(DiagnosticCode::unknown_patch_target,
                         fmt::format("`{}` is no resource of the root", first.text()), first.span());
      suggest_declared(error, first, DeclarationKind::resource);
      return;
    }
    Environment::Patch& patch = made.patches.emplace_back();
    patch.declaration = *resource;
    Place place(session_, root_, patch.declaration);
    Lowering lowering(place, *session_.program.expressions);
    (void)lower_address(lowering, root_, target, patch.target);
    const Instance& instance = *root_.scope->declarations[patch.declaration].instance;
    if (instance.type == nullptr) return;
    patch.fields =
        lowering.expr(lowering.lower_body(arguments.at(1), instance.type->schema, BodyMode::patch));
    patch.locals = place.slots();
  }

  /// The declaration that `name` or `name[key]` points into, if it is of this kind.
  std::optional<std::uint32_t> declared(NodeRef first, DeclarationKind kind) {
    auto found = root_.names.find(first.text());
    if (found == root_.names.end() || found->second.kind != NameKind::value) return std::nullopt;
    std::uint32_t index = found->second.index;
    return root_.scope->declarations[index].kind == kind ? std::optional(index) : std::nullopt;
  }

  void suggest_declared(Diagnostic& error, NodeRef first, DeclarationKind kind) {
    std::vector<std::string_view> near;
    for (const Declaration& each : root_.scope->declarations) {
      if (each.kind == kind) near.push_back(each.name);
    }
    session_.suggest(error, first.text(), first.span(), near);
  }

  void endpoint(NodeRef node, Environment& made) {
    auto arguments = node.children(NodeCategory::expression);
    NodeRef target = arguments.at(0);
    NodeRef first = target.is(NodeKind::postfix) ? *target.children().begin() : target;
    auto provider = root_provider(first);
    if (!provider) return;
    const Instance& instance = *root_.scope->declarations[*provider].instance;
    if (instance.type == nullptr) return;
    if (instance.type->schema->field("host") == nullptr) {
      session_
          .error(DiagnosticCode::not_yet_supported,
                 fmt::format("`endpoint` of a `{}` is not supported yet", instance.type->name), first.span())
          .notes.emplace_back("it replaces `host` and `port` of connections that have them");
      return;
    }
    Environment::Endpoint& endpoint = made.endpoints.emplace_back();
    endpoint.declaration = *provider;
    Place place(session_, root_, *provider);
    Lowering lowering(place, *session_.program.expressions);
    (void)lower_address(lowering, root_, target, endpoint.target);
    endpoint.url = lowering.expr(lowering.lower(arguments.at(1), session_.basic(TypeKind::string)));
    endpoint.locals = place.slots();
  }

  Session& session_;
  ScopeWork& root_;
};

}  // namespace

std::optional<InputLine> lower_input_line(Session& session, ScopeWork& root, NodeRef item,
                                          const std::vector<InputLine>& before) {
  std::string_view name = item.word();
  auto found = root.names.find(name);
  bool input = found != root.names.end() && found->second.kind == NameKind::value &&
               root.scope->declarations[found->second.index].kind == DeclarationKind::input;
  if (!input) {
    Diagnostic& error =
        session.error(DiagnosticCode::unknown_name, fmt::format("there is no input `{}`", name),
                      item.word_span(), "not an input of the platform");
    std::vector<std::string_view> near;
    for (const Declaration& each : root.scope->declarations) {
      if (each.kind == DeclarationKind::input) near.push_back(each.name);
    }
    session.suggest(error, name, item.word_span(), near);
    return std::nullopt;
  }
  std::uint32_t index = found->second.index;
  session.index_name(item.word_span(), found->second.span, root.scope->declarations[index].type);
  auto twice = [&](const InputLine& each) { return each.input == index; };
  if (std::any_of(before.begin(), before.end(), twice)) {
    session.error(DiagnosticCode::field_repeated, fmt::format("`{}` is written twice", name),
                  item.word_span());
    return std::nullopt;
  }
  Place place(session, root, index);
  Lowering lowering(place, *session.program.expressions);
  const Expr* value = lowering.expr(lowering.lower(item.value(), root.scope->declarations[index].type));
  return InputLine{index, value, place.slots()};
}

void lower_platform(Session& session) { PlatformLowering(session).run(); }

}  // namespace carbon
