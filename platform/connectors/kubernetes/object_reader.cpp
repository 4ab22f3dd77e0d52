#include "platform/connectors/kubernetes/object_reader.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/task_group.h"
#include "base/value_json.h"
#include "platform/connectors/kubernetes/api_error.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/live_object.h"
#include "platform/connectors/kubernetes/paging.h"

namespace carbon {

namespace {

constexpr std::size_t any_number = 100'000;
/// From this many namespaces on, one list of all of them is tried first.
constexpr std::size_t many_namespaces = 4;

LiveObject absent() {
  LiveObject object;
  object.presence = Presence::absent;
  return object;
}

LiveObject unknown(Error why) {
  LiveObject object;
  object.why = std::move(why);
  return object;
}

bool is_secret(const ResourceType& type) {
  return type.kubernetes.group.empty() && type.kubernetes.kind == "Secret";
}

/// A built-in kind's list is named after it; a custom resource may name its own (`listKind`).
bool is_list_of(const Value& json, const KubernetesApi& api) {
  std::string_view kind = text_at(json, {"kind"});
  std::string_view version = text_at(json, {"apiVersion"});
  bool built_in = api.group.find('.') == std::string::npos || api.group.ends_with(".k8s.io");
  bool named = built_in ? kind == api.kind + "List" : kind.ends_with("List");
  return named && (version.empty() || version == api.api_version());
}

/// The token of the next page, from the first bytes of a list: an API server writes `metadata` before
/// `items`. Empty where it cannot be told without reading all.
std::string_view continue_hint(const HttpReply& reply) {
  constexpr std::string_view mark = R"("continue":")";
  if (reply.status != 200) return {};
  std::string_view head = std::string_view(reply.body).substr(0, 4096);
  head = head.substr(0, head.find(R"("items":)"));
  std::size_t begin = head.find(mark);
  if (begin == std::string_view::npos) return {};
  std::string_view token = head.substr(begin + mark.size());
  std::size_t end = token.find_first_of("\"\\");
  return end != std::string_view::npos && token[end] == '"' ? token.substr(0, end) : std::string_view();
}

std::string kind_text(const ResourceType& type, const std::string& name_space) {
  return name_space.empty() ? type.kubernetes.plural : type.kubernetes.plural + " of " + name_space;
}

}  // namespace

Task<std::vector<LiveObject>> ObjectReader::read_all(std::vector<ObjectKey> keys) {
  found_.assign(keys.size(), LiveObject{});
  std::map<std::string, Kind> kinds;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    Result<ObjectName> name = object_name(keys[i]);
    if (!name) {
      found_[i] = unknown(name.error());
      continue;
    }
    // By type: a GeneratedSecret and a Secret are read the same way, and understood differently.
    Kind& kind = kinds[keys[i].type->name];
    kind.type = keys[i].type;
    kind.wanted[{name->name_space, name->name}].push_back(i);
  }
  TaskGroup group;
  for (const auto& [name, kind] : kinds) group.spawn(read_kind(&kind));
  auto ended = group.all();
  co_await ended;
  co_return std::move(found_);
}

Task<LiveObject> ObjectReader::read_one(const ResourceType* type, ObjectName name) {
  std::string path = object_path(type->kubernetes, name);
  auto reading = client_.read(path);
  HttpReply reply = co_await reading;
  if (reply.status != 200) {
    ApiFailure failure = read_failure(reply);
    if (failure.object_absent(name) || failure.kind_absent()) co_return absent();
    Subject subject{type->kubernetes.kind + " " + name.text(), client_.endpoint().name, is_secret(*type)};
    co_return unknown(failure_error(failure, reply, subject));
  }
  auto bad = [&](std::string_view why) {
    return unknown(
        Error(DiagnosticCode::bad_reply, fmt::format("{}: asked for {} {}: {}", client_.endpoint().name,
                                                     type->kubernetes.kind, name.text(), why)));
  };
  Result<Value> json = json_body(reply);
  if (!json) co_return bad(json.error().message());
  Result<LiveObject> live = read_live_object(*json, *type);
  if (!live) co_return bad(live.error().message());
  bool right = text_at(live->object, {"metadata", "name"}) == name.name &&
               text_at(live->object, {"metadata", "namespace"}) == name.name_space;
  if (!right) co_return bad("another object came");
  co_return std::move(*live);
}

Task<void> ObjectReader::read_into(const Kind* kind, ObjectName name) {
  auto reading = read_one(kind->type, name);
  LiveObject object = co_await reading;
  for (std::size_t index : kind->wanted.at({name.name_space, name.name})) found_[index] = object;
}

Task<void> ObjectReader::read_singly(const Kind* kind, std::string name_space) {
  TaskGroup group;
  for (const auto& [key, indices] : kind->wanted) {
    if (name_space.empty() || key.first == name_space)
      group.spawn(read_into(kind, ObjectName{key.first, key.second}));
  }
  auto ended = group.all();
  co_await ended;
}

Task<void> ObjectReader::read_kind(const Kind* kind) {
  bool singly = kind->wanted.size() == 1 || is_secret(*kind->type);
  Task<void> next = singly ? read_singly(kind, "") : read_namespaces(kind);
  co_await next;
}

Task<void> ObjectReader::read_namespaces(const Kind* kind) {
  std::set<std::string> names;
  for (const auto& [key, indices] : kind->wanted) names.insert(key.first);
  bool namespaced = kind->type->kubernetes.namespaced;
  if (!namespaced || names.size() >= many_namespaces) {
    auto listing = list(kind, "", namespaced ? names.size() : any_number);
    Listed listed = co_await listing;
    bool narrower = listed == Listed::forbidden || listed == Listed::too_many || listed == Listed::expired;
    if (!narrower) co_return;
    if (!namespaced) {
      auto reading = read_singly(kind, "");
      co_await reading;
      co_return;
    }
  }
  TaskGroup group;
  for (const std::string& name : names) group.spawn(read_namespace(kind, name));
  auto ended = group.all();
  co_await ended;
}

Task<void> ObjectReader::read_namespace(const Kind* kind, std::string name_space) {
  auto wanted = std::count_if(kind->wanted.begin(), kind->wanted.end(),
                              [&](const auto& each) { return each.first.first == name_space; });
  Listed listed = Listed::forbidden;
  if (wanted > 1) {
    auto listing = list(kind, name_space, any_number);
    listed = co_await listing;
  }
  if (listed != Listed::forbidden && listed != Listed::expired) co_return;
  auto reading = read_singly(kind, name_space);
  co_await reading;
}

Task<ObjectReader::Listed> ObjectReader::list(const Kind* kind, std::string name_space,
                                              std::size_t pages_allowed) {
  for (int attempt = 1;; ++attempt) {
    // What an earlier attempt saw may be gone by now.
    fill(*kind, name_space, LiveObject{});
    auto listing = list_once(kind, name_space, pages_allowed);
    Listed listed = co_await listing;
    if (listed == Listed::complete) absent_if_unseen(*kind, name_space);
    if (listed == Listed::no_such_kind) fill(*kind, name_space, absent());
    if (listed != Listed::expired || attempt > most_restarts) co_return listed;
  }
}

Task<ObjectReader::Listed> ObjectReader::list_once(const Kind* kind, std::string name_space,
                                                   std::size_t pages_allowed) {
  std::string base =
      collection_path(kind->type->kubernetes, name_space) + fmt::format("?limit={}", page_size);
  auto reading = client_.read(base);
  HttpReply reply = co_await reading;
  std::string token;
  for (std::size_t pages = 1;; ++pages) {
    // The server works on the next page while this one is read. What is hinted is believed only when the page
    // has said it, too.
    std::string hint(pages_allowed == any_number ? continue_hint(reply) : std::string_view());
    auto target = [&](const std::string& next) { return base + "&continue=" + percent_encode(next); };
    HttpReply next_reply;
    TaskGroup ahead;
    if (hint == token) hint.clear();
    if (!hint.empty()) {
      ahead.spawn(client_.read_into(target(hint), &next_reply));
      auto sending = client_.io().sleep(Duration{});
      co_await sending;
    }
    Page page = take_page(*kind, name_space, reply);
    auto arrived = ahead.all();
    co_await arrived;
    if (page.listed != Listed::complete || page.next.empty()) co_return page.listed;
    std::size_t left = static_cast<std::size_t>(page.remaining) / page_size;
    if (pages + left > pages_allowed) co_return Listed::too_many;
    if (page.next == token || pages >= any_number) {
      malformed(*kind, name_space, "a list without end");
      co_return Listed::failed;
    }
    token = page.next;
    if (page.next == hint) {
      reply = std::move(next_reply);
    } else {
      auto asking = client_.read(target(token));
      reply = co_await asking;
    }
  }
}

ObjectReader::Page ObjectReader::malformed(const Kind& kind, const std::string& name_space,
                                           std::string what) {
  Error error(DiagnosticCode::bad_reply, fmt::format("{}: the list of {} is {}", client_.endpoint().name,
                                                     kind_text(*kind.type, name_space), what));
  fill(kind, name_space, unknown(std::move(error)));
  return {};
}

ObjectReader::Page ObjectReader::take_failure(const Kind& kind, const std::string& name_space,
                                              const HttpReply& reply) {
  ApiFailure failure = read_failure(reply);
  Page page;
  if (failure.kind_absent()) page.listed = Listed::no_such_kind;
  if (failure.code == 403) page.listed = Listed::forbidden;
  if (failure.code == 410) page.listed = Listed::expired;
  Subject subject{kind_text(*kind.type, name_space), client_.endpoint().name, false};
  fill(kind, name_space, unknown(failure_error(failure, reply, subject)));
  return page;
}

ObjectReader::Page ObjectReader::take_page(const Kind& kind, const std::string& name_space,
                                           const HttpReply& reply) {
  if (reply.status != 200) return take_failure(kind, name_space, reply);
  Result<Value> json = json_body(reply);
  if (!json) return malformed(kind, name_space, "no JSON: " + json.error().message());
  const Value* items = json->find("items");
  const Value* metadata = json->find("metadata");
  bool whole = is_list_of(*json, kind.type->kubernetes) && metadata != nullptr && metadata->is_fields() &&
               items != nullptr && (items->is_sequence() || items->is_null());
  if (!whole) return malformed(kind, name_space, "not of the kind List");
  if (items->is_sequence()) {
    std::string_view fault = take_items(kind, name_space, items->items());
    if (!fault.empty()) return malformed(kind, name_space, std::string(fault));
  }
  Page page;
  page.listed = Listed::complete;
  const Value* next = metadata->find("continue");
  if (next != nullptr && !next->is_null() && !next->is_string())
    return malformed(kind, name_space, "one whose `continue` is no text");
  page.next = text_at(*metadata, {"continue"});
  const Value* remaining = metadata->find("remainingItemCount");
  if (remaining != nullptr && remaining->kind() == ValueKind::integer && remaining->as_int() > 0)
    page.remaining = remaining->as_int();
  if (page.remaining > 0 && page.next.empty())
    return malformed(kind, name_space, "one that ends before its last item");
  return page;
}

std::string_view ObjectReader::take_items(const Kind& kind, const std::string& name_space,
                                          std::span<const Value> items) {
  LiveObjectReader reader(*kind.type);
  for (const Value& item : items) {
    std::string name(text_at(item, {"metadata", "name"}));
    std::string inside(text_at(item, {"metadata", "namespace"}));
    if (name.empty() || inside.empty() == kind.type->kubernetes.namespaced)
      return "one with objects that have no name";
    if (!name_space.empty() && inside != name_space) return "one with objects of another namespace";
    auto wanted = kind.wanted.find({inside, name});
    if (wanted == kind.wanted.end()) continue;
    const LiveObject& before = found_[wanted->second.front()];
    if (before.presence == Presence::present || before.why) return "one with the same object twice";
    Result<LiveObject> live = reader.read(item);
    for (std::size_t index : wanted->second) found_[index] = live ? *live : unknown(live.error());
  }
  return {};
}

void ObjectReader::fill(const Kind& kind, const std::string& name_space, const LiveObject& with) {
  for (const auto& [key, indices] : kind.wanted) {
    if (!name_space.empty() && key.first != name_space) continue;
    for (std::size_t index : indices) found_[index] = with;
  }
}

void ObjectReader::absent_if_unseen(const Kind& kind, const std::string& name_space) {
  for (const auto& [key, indices] : kind.wanted) {
    if (!name_space.empty() && key.first != name_space) continue;
    for (std::size_t index : indices) {
      bool unseen = found_[index].presence == Presence::unknown && !found_[index].why;
      if (unseen) found_[index] = absent();
    }
  }
}

}  // namespace carbon
