// authorization.k8s.io and authentication.k8s.io: SelfSubjectAccessReview and its like
// (pkg/registry/authorization).
#include "platform/sandbox/kubernetes/access_reviews.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>

#include "base/utc_time.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/managed_fields.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/protobuf_body.h"
#include "platform/sandbox/kubernetes/validation.h"
#include "platform/sandbox/kubernetes/wire.h"

namespace carbon::sandbox {

namespace {

enum class Asks : std::uint8_t { myself, somebody, rules, name };

struct Review {
  std::string_view api_version;
  std::string_view plural;
  std::string_view kind;
  Asks asks;
};

constexpr std::array<Review, 5> reviews{{
    {"authorization.k8s.io/v1", "selfsubjectaccessreviews", "SelfSubjectAccessReview", Asks::myself},
    {"authorization.k8s.io/v1", "subjectaccessreviews", "SubjectAccessReview", Asks::somebody},
    {"authorization.k8s.io/v1", "localsubjectaccessreviews", "LocalSubjectAccessReview", Asks::somebody},
    {"authorization.k8s.io/v1", "selfsubjectrulesreviews", "SelfSubjectRulesReview", Asks::rules},
    {"authentication.k8s.io/v1", "selfsubjectreviews", "SelfSubjectReview", Asks::name},
}};

const Review* review_of(const ApiRequest& request) {
  AccessAttributes wanted = attributes_of(request);
  const auto* found = std::ranges::find_if(reviews, [&](const Review& review) {
    return review.plural == wanted.resource &&
           request.path.starts_with(fmt::format("/apis/{}/", review.api_version));
  });
  return request.method == "POST" && found != reviews.end() ? found : nullptr;
}

/// The shapes of their bodies, for protobuf and managedFields: no table of schemas has them, since nothing of
/// the kind is stored.
class ReviewSchemas {
 public:
  ReviewSchemas() {
    words_.kind = NodeKind::list;
    words_.element = &string_;
    words_.atomic = true;
    word_map_.kind = NodeKind::map;
    word_map_.element = &words_;
    record(resource_, "authorization.v1.ResourceAttributes",
           {"namespace", "verb", "group", "version", "resource", "subresource", "name"});
    record(path_, "authorization.v1.NonResourceAttributes", {"path", "verb"});
    record(access_, "authorization.v1.SubjectAccessReviewSpec", {"user", "uid"});
    add(access_, "groups", words_);
    add(access_, "extra", word_map_);
    record(rules_, "authorization.v1.SelfSubjectRulesReviewSpec", {"namespace"});
    for (SchemaNode* node : {&access_, &self_}) {
      if (node->name.empty()) record(*node, "authorization.v1.SelfSubjectAccessReviewSpec", {});
      add(*node, "resourceAttributes", resource_);
      add(*node, "nonResourceAttributes", path_);
    }
    for (std::size_t i = 0; i < reviews.size(); ++i) {
      std::string_view group = reviews[i].api_version.substr(0, reviews[i].api_version.find('.'));
      record(tops_[i], fmt::format("{}.v1.{}", group, reviews[i].kind), {});
      const std::array<SchemaNode*, 4> specs{&self_, &access_, &rules_, nullptr};
      if (SchemaNode* spec = specs[static_cast<std::size_t>(reviews[i].asks)]) add(tops_[i], "spec", *spec);
    }
  }
  ReviewSchemas(const ReviewSchemas&) = delete;
  ReviewSchemas& operator=(const ReviewSchemas&) = delete;

  [[nodiscard]] const SchemaNode* of(std::string_view kind) const {
    const auto* found = std::ranges::find(reviews, kind, &Review::kind);
    return found == reviews.end() ? nullptr : &tops_[static_cast<std::size_t>(found - reviews.begin())];
  }

 private:
  static void add(SchemaNode& node, std::string_view name, const SchemaNode& type) {
    SchemaEntry entry;
    entry.name = name;
    entry.node = &type;
    node.fields.push_back(std::move(entry));
    std::ranges::sort(node.fields, {}, &SchemaEntry::name);
  }
  void record(SchemaNode& node, std::string name, std::initializer_list<std::string_view> texts) {
    node.kind = NodeKind::record;
    node.name = std::move(name);
    for (std::string_view text : texts) add(node, text, string_);
  }

  SchemaNode string_{NodeKind::string, {}, {}, nullptr, {}, false, false, {}};
  SchemaNode words_, word_map_, resource_, path_, access_, self_, rules_;
  std::array<SchemaNode, reviews.size()> tops_;
};

const SchemaNode& schema_of(std::string_view kind) {
  static const ReviewSchemas schemas;
  static const SchemaNode none;
  const SchemaNode* found = schemas.of(kind);
  return found == nullptr ? none : *found;
}

ApiResult<Value> body_of(const Review& review, const ApiRequest& request) {
  std::string_view type = std::string_view(request.content_type).substr(0, request.content_type.find(';'));
  if (is_protobuf(type))
    return read_protobuf(request.body,
                         [](std::string_view, std::string_view kind) { return &schema_of(kind); });
  Result<Value> json = parse_json(request.body);
  if (!json || !json->is_fields())
    return refuse(bad_request("the object provided is unrecognized: it is no JSON object"));
  if (std::string why = decode_error(schema_of(review.kind), review.kind, *json); !why.empty()) {
    return refuse(
        bad_request(fmt::format("{0} in version \"v1\" cannot be handled as a {0}: {1}", review.kind, why)));
  }
  return *std::move(json);
}

std::string text_in(const Value& object, std::string_view name) {
  return std::string(text_at(object, {name}));
}

AccessAttributes asked_for(const Value& spec) {
  AccessAttributes wanted;
  if (const Value* resource = at(spec, {"resourceAttributes"})) {
    wanted = {text_in(*resource, "verb"),
              text_in(*resource, "group"),
              text_in(*resource, "resource"),
              text_in(*resource, "subresource"),
              text_in(*resource, "namespace"),
              text_in(*resource, "name"),
              {}};
    if (wanted.resource.empty()) wanted.resource = "*";
  } else if (const Value* path = at(spec, {"nonResourceAttributes"})) {
    wanted.verb = text_in(*path, "verb");
    wanted.path = text_in(*path, "path");
  }
  return wanted;
}

Value words(const std::vector<std::string>& texts) {
  std::vector<Value> items;
  for (const std::string& one : texts) items.push_back(text(one));
  return Value::list(std::move(items));
}

Value rules_status(const Authorizer::Rules& found) {
  std::vector<Value> resources, paths;
  for (const PolicyRule& rule : found.rules) {
    if (!rule.resources.empty()) {
      Value one = fields({{"verbs", words(rule.verbs)},
                          {"apiGroups", words(rule.groups)},
                          {"resources", words(rule.resources)}});
      if (!rule.names.empty()) one = with(one, {"resourceNames"}, words(rule.names));
      resources.push_back(std::move(one));
    }
    if (!rule.urls.empty())
      paths.push_back(fields({{"verbs", words(rule.verbs)}, {"nonResourceURLs", words(rule.urls)}}));
  }
  Value status = fields({{"resourceRules", Value::list(std::move(resources))},
                         {"nonResourceRules", Value::list(std::move(paths))},
                         {"incomplete", Value::boolean(false)}});
  if (found.errors.empty()) return status;
  return with(status, {"evaluationError"}, text(fmt::format("{}", fmt::join(found.errors, ", "))));
}

Value user_info(const UserInfo& user) {
  Value info = fields({{"username", text(user.name)}, {"groups", words(user.groups)}});
  if (!user.uid.empty()) info = with(info, {"uid"}, text(user.uid));
  for (const auto& [key, values] : user.extra) info = with(info, {"extra", key}, words(values));
  return fields({{"userInfo", info}});
}

/// RBAC's rule for the group that may do everything, which no binding names.
std::vector<PolicyRule> everything() { return {{{"*"}, {"*"}, {"*"}, {}, {}}, {{"*"}, {}, {}, {}, {"*"}}}; }

ApiResult<Value> status_of(const Review& review, const ApiRequest& request, const Value& body,
                           Authorizer& authorizer) {
  const Value* sent = at(body, {"spec"});
  const Value spec = sent == nullptr ? fields({}) : *sent;
  UserInfo user = request.user;
  switch (review.asks) {
    case Asks::name: return user_info(user);
    case Asks::rules: {
      std::string space = text_in(spec, "namespace");
      if (space.empty()) return refuse(bad_request("no namespace on request"));
      Authorizer::Rules found = authorizer.rules_for(user, space);
      if (user.in_group("system:masters")) found.rules = everything();
      return rules_status(found);
    }
    case Asks::somebody:
      user = {text_in(spec, "user"), text_in(spec, "uid"), {}, {}};
      for (const Value& group : items_at(spec, {"groups"})) user.groups.emplace_back(group.text());
      break;
    case Asks::myself: break;
  }
  bool resource = at(spec, {"resourceAttributes"}) != nullptr,
       path = at(spec, {"nonResourceAttributes"}) != nullptr;
  if (resource == path) {
    StatusCause cause =
        invalid_value("spec.resourceAttributes", Value(),
                      "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    return refuse(invalid("authorization.k8s.io", "", "", {std::move(cause)}));
  }
  Decision decision = authorizer.decide(user, asked_for(spec));
  Value status = fields({{"allowed", Value::boolean(decision.allowed)}});
  return decision.reason.empty() ? status : with(status, {"reason"}, text(decision.reason));
}

/// Its creation is written down in managedFields, as that of anything.
Value tracked(const Review& review, const ApiRequest& request, const Value& object,
              const Occasion& occasion) {
  Writer writer{request.user_agent.substr(0, request.user_agent.find('/')),
                std::string(review.api_version),
                {},
                utc_time(occasion.now),
                {}};
  Value spec = fields({{"spec", *at(object, {"spec"})}});
  return with_managers(object, managers_after_update(schema_of(review.kind), fields({{"spec", fields({})}}),
                                                     spec, {}, writer, Age::new_object));
}

}  // namespace

bool is_review(const ApiRequest& request) { return review_of(request) != nullptr; }

ApiResponse answer_review(const ApiRequest& request, Authorizer& authorizer, const Occasion& occasion) {
  const Review& review = *review_of(request);
  auto body = body_of(review, request);
  if (!body) return status_response(body.error());
  auto status = status_of(review, request, *body, authorizer);
  if (!status) return status_response(status.error());
  Value object = with(with(*body, {"kind"}, text(review.kind)), {"apiVersion"}, text(review.api_version));
  if (at(object, {"metadata"}) == nullptr) object = with(object, {"metadata"}, fields({}));
  if (review.asks == Asks::name)
    object = with(object, {"metadata", "creationTimestamp"}, text(utc_time(occasion.now)));
  // What it was about is not told again.
  if (review.asks == Asks::rules) object = with(object, {"spec"}, fields({}));
  if (review.asks == Asks::myself || review.asks == Asks::somebody)
    object = tracked(review, request, object, occasion);
  return json_response(201, with(object, {"status"}, *std::move(status)));
}

}  // namespace carbon::sandbox
