// `type … via`: declarations that become ResourceTypes of the engine.

#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "dsl/check/operations.h"
#include "dsl/check/settings.h"
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
  }
  return "";
}

/// Which transports read a setting; a word stands once for each.
struct TransportWord {
  std::string_view word;
  Transport transport;
};
constexpr std::array transport_words = std::to_array<TransportWord>({
    {"provider", Transport::sql},
    {"provider", Transport::kubernetes},
    {"identity", Transport::sql},
    {"identity", Transport::kubernetes},
    {"data_bearing", Transport::sql},
    {"data_bearing", Transport::kubernetes},
    {"exclusive", Transport::sql},
    {"exclusive", Transport::kubernetes},
    {"api", Transport::kubernetes},
    {"scope", Transport::kubernetes},
    {"database", Transport::sql},
    {"read", Transport::sql},
    {"create", Transport::sql},
    {"update", Transport::sql},
    {"delete", Transport::sql},
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
    } else {
      bool later = via == "http" || via == "s3";
      session_.error(later ? DiagnosticCode::not_yet_supported : DiagnosticCode::bad_type_declaration,
                     later ? fmt::format("`via {}` is not supported yet", via)
                           : fmt::format("there is no transport `{}`", via),
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
    TypeLowering(session_, entry_.package).fields(body_, *schema_);
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

  void settings() {
    if (entry_.resource == nullptr) return;
    ResourceType& type = *entry_.resource;
    std::vector<NodeRef> settings = read_settings(session_, body_, SettingPlace::type, schema_);
    std::erase_if(settings, [&](NodeRef setting) { return !fits(setting); });
    for (NodeRef setting : settings) {
      if (setting.word() == "identity") identity(setting);
      if (setting.word() == "scope") scope(setting);
    }
    // Objects are named by metadata, whatever a type writes of it.
    if (type.transport == Transport::kubernetes && type.identity.empty())
      name_by_metadata(type, *schema_, session_.types);
    OperationLowering operations(session_, type);
    for (const FieldDefault& each : self_defaults_) {
      SelfDefault made{std::string(each.field), nullptr, 0};
      made.value = operations.self_default(each.value, schema_->field(each.field)->type, made.locals);
      session_.program.self_defaults[&type].push_back(std::move(made));
    }
    for (NodeRef setting : settings) this->setting(setting, operations);
    complete();
  }

 private:
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
    if (word == "provider") return provider(node.value());
    if (word == "data_bearing") {
      type.data_bearing = true;
    } else if (word == "exclusive") {
      type.exclusive_by = operations.of_identity(node.child(NodeKind::by_clause).value());
    } else if (word == "api") {
      api(node);
    } else if (word == "database") {
      type.sql.database = operations.of_identity(node.value());
    } else if (word == "read") {
      operations.operation(node, OperationVerb::read, type.sql.read);
    } else if (word == "create") {
      operations.operation(node, OperationVerb::create, type.sql.create);
    } else if (word == "delete") {
      operations.operation(node, OperationVerb::delete_, type.sql.remove);
    } else if (word == "update") {
      operations.operation(node, OperationVerb::update, type.sql.updates.emplace_back());
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
    if (!type.sql.read.span.known()) return incomplete("needs a `read` operation");
    if (!type.sql.create.span.known()) return incomplete("needs a `create` operation");
    if (!type.sql.remove.span.known()) return incomplete("needs a `delete` operation");
  }

  Session& session_;
  TypeEntry& entry_;
  NodeRef body_;
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
  for (TypeDeclaration& each : all) each.settings();
}

}  // namespace carbon
