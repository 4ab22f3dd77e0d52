// `type … via`: declarations that become ResourceTypes of the engine.

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "dsl/check/operations.h"
#include "dsl/check/settings.h"
#include "dsl/check/type_version.h"
#include "dsl/check/types.h"
#include "dsl/schema/object_metadata.h"
#include "dsl/syntax/doc.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

bool mentions_self(NodeRef node) {
  const auto& nodes = node.tree().nodes();
  for (std::uint32_t i = node.index(); i < node.index() + nodes[node.index()].size; ++i) {
    if (nodes[i].kind == NodeKind::name && node.tree().text({nodes[i].begin, nodes[i].end}) == "self")
      return true;
  }
  return false;
}

std::string_view to_string(Transport transport) {
  switch (transport) {
    case Transport::connection: return "connection";
    case Transport::kubernetes: return "kubernetes";
    case Transport::sql: return "sql";
    case Transport::http: return "http";
    case Transport::s3: return "s3";
  }
  return "";
}

/// Which transports read a setting; a word stands once for each.
struct TransportWord {
  std::string_view word;
  Transport transport;
};
constexpr std::array transport_words = std::to_array<TransportWord>({
    {"provider", Transport::sql},      {"provider", Transport::kubernetes},
    {"provider", Transport::http},     {"provider", Transport::s3},
    {"identity", Transport::sql},      {"identity", Transport::kubernetes},
    {"identity", Transport::http},     {"identity", Transport::s3},
    {"data_bearing", Transport::sql},  {"data_bearing", Transport::kubernetes},
    {"data_bearing", Transport::http}, {"data_bearing", Transport::s3},
    {"exclusive", Transport::sql},     {"exclusive", Transport::kubernetes},
    {"exclusive", Transport::http},    {"exclusive", Transport::s3},
    {"one_way", Transport::sql},       {"one_way", Transport::http},
    {"one_way", Transport::s3},        {"disrupts", Transport::sql},
    {"disrupts", Transport::http},     {"disrupts", Transport::s3},
    {"ready", Transport::sql},         {"ready", Transport::http},
    {"ready", Transport::s3},          {"failed", Transport::sql},
    {"failed", Transport::http},       {"failed", Transport::s3},
    {"check", Transport::sql},         {"check", Transport::kubernetes},
    {"check", Transport::http},        {"check", Transport::s3},
    {"api", Transport::kubernetes},    {"scope", Transport::kubernetes},
    {"database", Transport::sql},      {"base", Transport::connection},
    {"header", Transport::connection}, {"assigned", Transport::http},
    {"assigned", Transport::s3},       {"read", Transport::sql},
    {"read", Transport::http},         {"read", Transport::s3},
    {"create", Transport::sql},        {"create", Transport::http},
    {"create", Transport::s3},         {"update", Transport::sql},
    {"update", Transport::http},       {"update", Transport::s3},
    {"delete", Transport::sql},        {"delete", Transport::http},
    {"delete", Transport::s3},         {"list", Transport::http},
    {"list", Transport::s3},
});

class TypeDeclaration {
 public:
  TypeDeclaration(Session& session, TypeEntry& entry)
      : session_(session), entry_(entry), body_(entry.node.child(NodeKind::body)) {}

  /// The ResourceType with its name, so that fields of any type may refer to it.
  void name() {
    std::string_view via = entry_.node.child(NodeKind::via_name).text();
    auto made = std::make_unique<ResourceType>();
    if (via == "connection") {
      made->transport = Transport::connection;
    } else if (via == "sql") {
      made->transport = Transport::sql;
    } else if (via == "kubernetes") {
      made->transport = Transport::kubernetes;
    } else if (via == "http") {
      made->transport = Transport::http;
    } else if (via == "s3") {
      made->transport = Transport::s3;
    } else {
      session_.error(DiagnosticCode::bad_type_declaration, fmt::format("there is no transport `{}`", via),
                     entry_.node.child(NodeKind::via_name).span());
      entry_.type = session_.basic(TypeKind::json);
      entry_.progress = Progress::done;
      return;
    }
    const Package& package = session_.program.packages[entry_.package];
    made->name =
        package.name.empty() ? std::string(entry_.name) : fmt::format("{}.{}", package.name, entry_.name);
    made->span = entry_.node.word_span();
    made->doc = doc_text(entry_.node);
    Type& schema = session_.types.make(TypeKind::record);
    schema.name = made->name;
    schema_ = &schema;
    made->schema = &schema;
    entry_.resource = &session_.input.types.add(std::move(made));
    entry_.type = session_.reference_to(*entry_.resource);
    entry_.progress = Progress::done;
  }

  void fields() {
    if (entry_.resource == nullptr) return;
    TypeLowering(session_, entry_.package).fields(body_, *schema_, TypeLowering::FieldsOf::object);
    refuse_unheard_words();
    if (entry_.resource->transport == Transport::connection) refuse_field_words();
    for (FieldType& field : schema_->fields) {
      if (has(field.flags, FieldFlag::identity))
        entry_.resource->identity.push_back({{FieldStep::field(field.name)}});
    }
    auto found = session_.defaults.find(schema_);
    if (found == session_.defaults.end()) return;
    for (const FieldDefault& each : found->second) {
      if (mentions_self(each.value)) self_defaults_.push_back(each);
    }
    std::erase_if(found->second, [](const FieldDefault& each) { return mentions_self(each.value); });
  }

  /// What other types need to know of this one: by what its objects are named, and through what they go.
  void naming() {
    if (entry_.resource == nullptr) return;
    ResourceType& type = *entry_.resource;
    settings_ = read_settings(session_, body_, SettingPlace::type, schema_);
    std::erase_if(settings_, [&](NodeRef setting) { return !fits(setting); });
    for (NodeRef setting : settings_) {
      if (setting.word() == "identity") identity(setting);
      if (setting.word() == "scope") scope(setting);
      if (setting.word() == "provider") provider(setting.value());
      if (setting.word() == "assigned") assigned(setting.value());
    }
    // Objects are named by metadata, whatever a type writes of it.
    if (type.transport == Transport::kubernetes && type.identity.empty())
      name_by_metadata(type, *schema_, session_.types);
  }

  void settings() {
    if (entry_.resource == nullptr) return;
    ResourceType& type = *entry_.resource;
    // Checks want to know which fields have a default before any of these is lowered.
    for (const FieldDefault& each : self_defaults_)
      session_.program.self_defaults[&type].push_back({std::string(each.field), nullptr, 0});
    OperationLowering operations(session_, type);
    normalizations(operations);
    for (std::size_t i = 0; i < self_defaults_.size(); ++i) {
      const FieldDefault& each = self_defaults_[i];
      SelfDefault& made = session_.program.self_defaults[&type][i];
      made.value = operations.self_default(each.value, schema_->field(each.field)->type, made.locals);
    }
    for (NodeRef setting : settings_) this->setting(setting, operations);
    type.version = type_version(session_, entry_, schema_);
    complete();
  }

  /// What only the whole of a package can say.
  void finish() {
    if (entry_.resource != nullptr && sends_requests(entry_.resource->transport))
      check_http_type(session_, *entry_.resource, entry_.node);
  }

 private:
  /// Words that only the engine's own comparison hears: nothing compares a connection, and Kubernetes
  /// normalises by itself.
  void refuse_unheard_words() {
    bool connection = entry_.resource->transport == Transport::connection;
    bool kubernetes = entry_.resource->transport == Transport::kubernetes;
    for (NodeRef node : body_.children(NodeKind::typed_field)) {
      for (NodeRef word : node.children(NodeKind::field_word)) {
        bool compares = word.word() == "unordered" || word.word() == "keyed_by" || word.word() == "normalize";
        if (!(connection && compares) && !(kubernetes && word.word() == "normalize")) continue;
        session_.error(DiagnosticCode::bad_type_declaration,
                       fmt::format("`{}` says nothing {}", word.word(),
                                   connection ? "in a connection" : "in a type `via kubernetes`"),
                       word.word_span());
      }
    }
  }

  /// A connection is neither compared nor changed, so its fields are only values.
  void refuse_field_words() {
    constexpr FieldFlag of_objects = FieldFlag::identity | FieldFlag::immutable | FieldFlag::computed |
                                     FieldFlag::write_only | FieldFlag::server_default;
    for (NodeRef node : body_.children(NodeKind::typed_field)) {
      const FieldType* field = schema_->field(node.word());
      if (field == nullptr || !has(field->flags, of_objects)) continue;
      NodeRef word = node.child(NodeKind::field_word);
      session_.error(DiagnosticCode::bad_type_declaration,
                     fmt::format("`{}` says nothing in a connection", word.word()), word.word_span());
    }
  }

  /// A setting that the transport has no use for would be a wish that nobody hears.
  bool fits(NodeRef setting) {
    std::string_view word = setting.word();
    std::string needs;
    for (const TransportWord& one : transport_words) {
      if (one.word != word) continue;
      if (one.transport == entry_.resource->transport) return true;
      needs += fmt::format("{}`via {}`", needs.empty() ? "" : " or ", to_string(one.transport));
    }
    session_.error(DiagnosticCode::bad_type_declaration, fmt::format("`{}` needs {}", word, needs),
                   setting.word_span());
    return false;
  }

  void setting(NodeRef node, OperationLowering& operations) {
    ResourceType& type = *entry_.resource;
    std::string_view word = node.word();
    if (word == "data_bearing") {
      type.data_bearing = true;
    } else if (word == "exclusive") {
      type.exclusive_by = operations.of_identity(node.child(NodeKind::by_clause).value());
    } else if (word == "api") {
      api(node);
    } else if (word == "database") {
      type.operations.database = operations.of_identity(node.value());
    } else if (word == "read") {
      operations.operation(node, OperationVerb::read, type.operations.read);
    } else if (word == "create") {
      operations.operation(node, OperationVerb::create, type.operations.create);
    } else if (word == "delete") {
      operations.operation(node, OperationVerb::delete_, type.operations.remove);
    } else if (word == "update") {
      operations.operation(node, OperationVerb::update, type.operations.updates.emplace_back());
    } else if (word == "list") {
      operations.operation(node, OperationVerb::list, type.operations.list);
    } else {
      condition_or_rule(node, operations);
    }
  }

  void condition_or_rule(NodeRef node, OperationLowering& operations) {
    ResourceType& type = *entry_.resource;
    std::string_view word = node.word();
    NodeRef when = node.child(NodeKind::when_clause);
    if (word == "ready") {
      type.ready = operations.of_live(when.value(), TypeKind::boolean);
    } else if (word == "failed") {
      const Expr* failed = operations.of_live(when.value(), TypeKind::boolean);
      type.failed.push_back(
          {failed, operations.of_live(node.child(NodeKind::else_clause).value(), TypeKind::string)});
    } else if (word == "check") {
      const Expr* condition = operations.of_wanted(node.value(), TypeKind::boolean);
      type.checks.push_back(
          {condition, operations.of_wanted(node.child(NodeKind::else_clause).value(), TypeKind::string)});
    } else if (word == "one_way") {
      one_way(node);
    } else if (word == "disrupts") {
      disrupts(node);
    } else if (word == "base") {
      type.http.base = operations.of_connection(node.value(), session_.basic(TypeKind::string));
    } else if (word == "header") {
      auto arguments = node.children(NodeCategory::expression);
      const Expr* name = operations.of_connection(arguments.at(0), session_.basic(TypeKind::string));
      type.http.headers.emplace_back(name, operations.of_connection(arguments.at(1)));
    }
  }

  [[nodiscard]] std::optional<FieldPath> field_path(NodeRef node) {
    auto parsed = FieldPath::parse(node.text());
    bool known = parsed && !parsed->steps.empty() && schema_->field(parsed->steps.front().name) != nullptr;
    if (known) return std::move(*parsed);
    session_.error(DiagnosticCode::unknown_field,
                   fmt::format("`{}` has no field `{}`", entry_.name, node.text()), node.span());
    return std::nullopt;
  }

  /// `one_way versioning from "on" to "off"`.
  void one_way(NodeRef node) {
    auto words = node.children(NodeCategory::expression);
    auto path = field_path(words.at(0));
    if (words.at(1).text() != "from" || words.at(3).text() != "to") {
      session_.error(DiagnosticCode::setting_arguments, "`one_way` is `FIELD from VALUE to VALUE`",
                     node.span());
      return;
    }
    if (!path) return;
    OneWay made{std::move(*path), {}, {}};
    TypePtr type = schema_->field(made.field.steps.front().name)->type;
    for (auto [at, value] : {std::pair(words.at(2), &made.from), std::pair(words.at(4), &made.to)}) {
      Place constants(session_);
      Lowering lowering(constants, *session_.program.expressions);
      Lowered lowered = lowering.lower(at, made.field.steps.size() == 1 ? type : nullptr);
      if (lowered.failed) return;
      if (!lowered.is_constant()) {
        session_.error(DiagnosticCode::setting_arguments, "`one_way` needs values that are written here",
                       at.span());
        return;
      }
      *value = lowered.constant;
    }
    entry_.resource->one_way.push_back(std::move(made));
  }

  void disrupts(NodeRef node) {
    auto words = node.children(NodeCategory::expression);
    auto path = field_path(words.at(0));
    constexpr std::array known =
        std::to_array<std::pair<std::string_view, Disruption>>({{"restart", Disruption::restart},
                                                                {"reconnect", Disruption::reconnect},
                                                                {"read_only", Disruption::read_only}});
    auto found = std::find_if(known.begin(), known.end(),
                              [&](const auto& one) { return one.first == words.at(1).text(); });
    if (found == known.end()) {
      session_.error(DiagnosticCode::setting_arguments,
                     "`disrupts` is `FIELD restart`, `FIELD reconnect` or `FIELD read_only`",
                     words.at(1).span());
    } else if (path) {
      entry_.resource->disrupts.push_back({std::move(*path), found->second});
    }
  }

  void assigned(NodeRef node) {
    const FieldType* field = schema_->field(node.text());
    if (field != nullptr && has(field->flags, FieldFlag::computed)) {
      entry_.resource->operations.assigned = field->name;
      return;
    }
    if (field == nullptr) {
      session_.error(DiagnosticCode::unknown_field,
                     fmt::format("`{}` has no field `{}`", entry_.name, node.text()), node.span());
    } else {
      session_.error(DiagnosticCode::bad_type_declaration,
                     fmt::format("`{}` is assigned by the server, so it is `computed`", node.text()),
                     node.span());
    }
  }

  /// `normalize(e)` behind fields.
  void normalizations(OperationLowering& operations) {
    for (NodeRef node : body_.children(NodeKind::typed_field)) {
      const FieldType* field = schema_->field(node.word());
      for (NodeRef word : node.children(NodeKind::field_word)) {
        if (word.word() != "normalize" || field == nullptr) continue;
        NodeRef value = word.child(NodeKind::facets).child(NodeKind::argument).value();
        if (value)
          entry_.resource->normalize.push_back({field->name, operations.normalization(value, field->type)});
      }
    }
  }

  void scope(NodeRef node) {
    std::string_view scope = setting_word(session_, node, {"namespaced", "cluster"});
    entry_.resource->kubernetes.namespaced = scope != "cluster";
  }

  void provider(NodeRef node) {
    ResourceType& type = *entry_.resource;
    auto& names = session_.packages[entry_.package].names;
    bool qualified = node.is(NodeKind::postfix) && node.children().count() == 2;
    std::string_view first = qualified ? node.children().at(0).text() : node.text();
    auto found = names.find(first);
    const ResourceType* provider = nullptr;
    if (found != names.end() && found->second.kind == NameKind::type)
      provider = session_.type_entries[found->second.index].resource;
    if (found != names.end() && found->second.kind != NameKind::value)
      session_.index_name(qualified ? node.children().at(0).span() : node.span(), found->second.span,
                          nullptr);
    if (qualified && found != names.end() && found->second.kind == NameKind::package) {
      found->second.used = true;
      const PackageEntry& package = session_.imported[found->second.index];
      provider = session_.input.types.find(fmt::format("{}.{}", package.name, node.children().at(1).word()));
    }
    says_provider_ = true;
    bool reported = found != names.end() && found->second.kind == NameKind::type && provider == nullptr &&
                    session_.type_entries[found->second.index].node.is(NodeKind::type_via);
    if (reported) return;
    if (provider == nullptr || provider->transport != Transport::connection) {
      session_.error(DiagnosticCode::unknown_type, fmt::format("`{}` is no connection", node.text()),
                     node.span());
      return;
    }
    type.provider_type = provider->name;
  }

  void identity(NodeRef node) {
    says_identity_ = true;
    for (NodeRef path : node.children(NodeCategory::expression)) {
      auto parsed = FieldPath::parse(path.text());
      bool known = parsed && !parsed->steps.empty() && schema_->field(parsed->steps.front().name) != nullptr;
      if (known) {
        entry_.resource->identity.push_back(std::move(*parsed));
      } else {
        session_.error(DiagnosticCode::unknown_field,
                       fmt::format("`{}` has no field `{}`", entry_.name, path.text()), path.span());
      }
    }
  }

  void api(NodeRef node) {
    std::vector<std::string> texts;
    for (NodeRef argument : node.children(NodeCategory::expression)) {
      bool string = argument.is(NodeKind::string) || argument.is(NodeKind::raw_string);
      texts.push_back(string ? constant_string(argument).value_or("") : "");
      if (!texts.back().empty()) continue;
      session_.error(DiagnosticCode::setting_arguments, "`api` is \"group/version\" \"Kind\" \"plural\"",
                     argument.span());
      return;
    }
    KubernetesApi& made = entry_.resource->kubernetes;
    std::size_t slash = texts[0].find('/');
    made.group = slash == std::string::npos ? "" : texts[0].substr(0, slash);
    made.version = slash == std::string::npos ? texts[0] : texts[0].substr(slash + 1);
    made.kind = texts[1];
    made.plural = texts[2];
  }

  void incomplete(std::string what) {
    session_.error(DiagnosticCode::bad_type_declaration, fmt::format("type `{}` {}", entry_.name, what),
                   entry_.node.word_span());
  }

  void complete() {
    ResourceType& type = *entry_.resource;
    if (type.transport == Transport::connection) return;
    if (type.transport == Transport::kubernetes) {
      if (type.provider_type.empty()) type.provider_type = "k8s.Cluster";
      if (type.kubernetes.kind.empty())
        return incomplete("needs `api \"group/version\" \"Kind\" \"plural\"`");
      return;
    }
    if (type.provider_type.empty() && !says_provider_) return incomplete("needs `provider TYPE`");
    if (type.identity.empty() && !says_identity_)
      return incomplete("has no identity: mark a field `identity`");
    bool listed = type.operations.list.span.known();
    if (!type.operations.read.span.known() && !listed)
      return incomplete(sends_requests(type.transport) ? "needs a `read` or a `list` operation"
                                                       : "needs a `read` operation");
    if (!type.operations.create.span.known()) return incomplete("needs a `create` operation");
    if (!type.operations.remove.span.known()) return incomplete("needs a `delete` operation");
  }

  Session& session_;
  TypeEntry& entry_;
  NodeRef body_;
  std::vector<NodeRef> settings_;  ///< those that fit
  Type* schema_ = nullptr;
  bool says_provider_ = false;
  bool says_identity_ = false;
  std::vector<FieldDefault> self_defaults_;
};

}  // namespace

void declare_resource_types(Session& session) {
  std::vector<TypeDeclaration> all;
  for (TypeEntry& entry : session.type_entries) {
    if (entry.node.is(NodeKind::type_via)) all.emplace_back(session, entry);
  }
  for (TypeDeclaration& each : all) each.name();
  for (TypeDeclaration& each : all) each.fields();
  for (TypeDeclaration& each : all) each.naming();
  for (TypeDeclaration& each : all) each.settings();
  for (TypeDeclaration& each : all) each.finish();
}

}  // namespace carbon
