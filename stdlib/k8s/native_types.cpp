#include "stdlib/k8s/schema.h"

namespace carbon {

namespace {

FieldType field(std::string name, TypePtr type, FieldFlag flags, std::string doc) {
  return {std::move(name), type, flags, std::move(doc)};
}

/// `{ length : int(min=8, max=1024) = 32, alphabet : string? }`
TypePtr secret_recipe(TypeTable& types) {
  Type& length = types.make(TypeKind::integer);
  length.facets.min = Value::integer(8);
  length.facets.max = Value::integer(1024);
  TypePtr alphabet = types.optional(types.basic(TypeKind::string));
  Type& recipe = types.make(TypeKind::record);
  recipe.fields.push_back(
      field("length", &length, FieldFlag::none, "Number of characters; 32 if not written"));
  recipe.fields.push_back(field("alphabet", alphabet, FieldFlag::none,
                                "The characters to draw from; letters and digits if not written"));
  return &recipe;
}

}  // namespace

std::unique_ptr<ResourceType> kubernetes_cluster_type(TypeTable& types) {
  TypePtr text = types.basic(TypeKind::string);
  Type& record = types.make(TypeKind::record);
  record.name = "k8s.Cluster";
  record.fields = {
      field("kubeconfig", types.optional(text), FieldFlag::none,
            "Path of the kubeconfig file; $KUBECONFIG or ~/.kube/config if not written"),
      field("context", types.optional(text), FieldFlag::none,
            "Context of the kubeconfig; its current one if not written"),
      field("namespace", types.checked(CheckedString::dns_label), FieldFlag::none,
            "Namespace of resources that write none; \"default\" if not written"),
      field("server", types.optional(types.checked(CheckedString::url)), FieldFlag::none,
            "Address of the API server, instead of a kubeconfig"),
      field("token", types.optional(types.secret(text)), FieldFlag::sensitive, "Bearer token"),
      field("certificate_authority", types.optional(text), FieldFlag::none,
            "PEM text of the authority that signed the server's certificate"),
  };
  auto type = std::make_unique<ResourceType>();
  type->name = record.name;
  type->transport = Transport::connection;
  type->schema = &record;
  type->doc = "The connection to one Kubernetes API server";
  return type;
}

std::unique_ptr<ResourceType> KubernetesSchema::load_manifests() {
  Type& record = types_.make(TypeKind::record);
  auto type = std::make_unique<ResourceType>();
  record.name = type->name = "k8s.Manifests";
  record.fields = {
      field("yaml", types_.basic(TypeKind::string), FieldFlag::required,
            "The text: YAML documents, Lists among them; an install file that is imported as `string`"),
      field("patches", types_.map(types_.map(types_.basic(TypeKind::json))), FieldFlag::none,
            "By kind and name (or namespace/name), what is laid over an object; null leaves it out"),
  };
  type->schema = &record;
  type->provider_type = "k8s.Cluster";
  type->manifests = true;
  type->doc =
      "An install file used as it is: each of its objects is a resource at NAME[\"KIND/NAMESPACE/NAME\"]";
  return type;
}

std::unique_ptr<ResourceType> KubernetesSchema::load_generated_secret() {
  const KubernetesKind* kind = find_kubernetes_kind("Secret");
  if (kind == nullptr) return nullptr;
  std::unique_ptr<ResourceType> type = load(*kind);
  const FieldType metadata = *type->schema->field("metadata");
  TypePtr text = types_.basic(TypeKind::string);
  Type& record = types_.make(TypeKind::record);
  record.name = type->name = "k8s.GeneratedSecret";
  record.fields = {
      metadata,
      field("keys", types_.map(secret_recipe(types_)), FieldFlag::required,
            "The keys to generate, each with how; made once, at create, and kept from then on"),
      field("type", types_.optional(text), FieldFlag::immutable, "Type of the Secret; Opaque if not written"),
      field("data", types_.map(types_.secret(text)), FieldFlag::computed | FieldFlag::sensitive,
            "The generated values, decoded, by key"),
  };
  type->schema = &record;
  type->generated = true;
  type->doc = "A Secret whose values carbon generates at create and never sends again";
  return type;
}

}  // namespace carbon
