#include "platform/sandbox/kubernetes/listing.h"

#include <fmt/format.h>
#include <algorithm>
#include <charconv>
#include <optional>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes/selector.h"

namespace carbon::sandbox {

namespace {

constexpr std::string_view token_version = "meta.k8s.io/v1";

std::string_view option(const ApiRequest& request, std::string_view name) {
  auto found = request.query.find(std::string(name));
  return found == request.query.end() ? std::string_view() : std::string_view(found->second);
}

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string continue_token(std::int64_t revision, const std::string& start) {
  std::string key = start;
  key.push_back('\0');
  return base64url_encode(
      to_json(fields({{"v", text(token_version)}, {"rv", number(revision)}, {"start", text(key)}})));
}

struct Page {
  std::int64_t revision = 0;  ///< of the snapshot; -1 goes on inconsistently
  StoreKey after;
};

ApiResult<Page> read_token(std::string_view token, const StoreKey& place) {
  std::optional<std::string> json = base64url_decode(token);
  Result<Value> value = json ? parse_json(*json) : parse_json("");
  if (!value || !int_at(*value, {"rv"})) {
    return refuse(
        bad_request("invalid continue token: continue key is not valid: invalid character 'm' looking for "
                    "beginning of value"));
  }
  std::string start(text_at(*value, {"start"}));
  if (start.starts_with('/')) start.erase(0, 1);
  if (start.ends_with('\0')) start.pop_back();
  Page page{*int_at(*value, {"rv"}), place};
  std::size_t slash = start.find('/');
  if (place.namespace_name.empty() && slash != std::string::npos)
    page.after.namespace_name = start.substr(0, slash);
  page.after.name = slash == std::string::npos ? start : start.substr(slash + 1);
  return page;
}

ApiStatus expired(std::string message, std::string token) {
  ApiStatus status = bad_request(std::move(message));
  status.code = 410;
  status.reason = "Expired";
  status.continue_token = std::move(token);
  return status;
}

/// The stored text of an object with something put in front of its first field.
void append_object(std::string& out, std::string_view head, std::string_view json) {
  out += '{';
  out += head;
  if (!head.empty() && json != "{}") out += ',';
  out += json.substr(1);
}

std::string type_head(std::string_view api_version, std::string_view kind) {
  return fmt::format("\"apiVersion\":{},\"kind\":{}", json_quote(api_version), json_quote(kind));
}

/// How the items of a list are written.
struct ItemForm {
  bool metadata_only = false;
  std::string head;

  void append(std::string& out, std::string_view json) const {
    if (!metadata_only) {
      append_object(out, head, json);
      return;
    }
    Result<Value> object = parse_json(json);
    const Value* metadata = object ? at(*object, {"metadata"}) : nullptr;
    out += to_json(fields({{"apiVersion", text("meta.k8s.io/v1")},
                           {"kind", text("PartialObjectMetadata")},
                           {"metadata", metadata == nullptr ? Value::map({}) : *metadata}}));
  }
};

class Selection {
 public:
  static ApiResult<Selection> parse(std::string_view labels, std::string_view object_fields,
                                    std::string_view storage) {
    Selection selection;
    auto label = LabelSelector::parse(labels);
    if (!label) return refuse(label.error());
    auto field = FieldSelector::parse(object_fields, storage);
    if (!field) return refuse(field.error());
    selection.labels_ = *std::move(label);
    selection.fields_ = *std::move(field);
    return selection;
  }
  [[nodiscard]] bool empty() const { return labels_.empty() && fields_.empty(); }
  [[nodiscard]] bool takes(std::string_view json) const {
    if (empty()) return true;
    Result<Value> object = parse_json(json);
    return object && labels_.matches(at(*object, {"metadata", "labels"})) && fields_.matches(*object);
  }
  /// A quick no, before the object is read.
  [[nodiscard]] bool may_take(const StoreKey& key) const {
    return fields_.wanted_name().empty() || fields_.wanted_name() == key.name;
  }

 private:
  LabelSelector labels_;
  FieldSelector fields_;
};

/// What the version options of a list mean.
struct Snapshot {
  std::int64_t revision = 0;
  bool from_cache = false;  ///< resourceVersion=0: pages are not cut
};

ApiResult<Snapshot> snapshot_of(const ObjectStore& store, const ApiRequest& request) {
  std::string_view wanted = option(request, "resourceVersion");
  std::string_view match = option(request, "resourceVersionMatch");
  std::int64_t revision = number_of(wanted);
  if (revision > store.revision()) {
    ApiStatus status = bad_request(
        fmt::format("Timeout: Too large resource version: {}, current: {}", revision, store.revision()));
    status.code = 504;
    status.reason = "Timeout";
    status.has_details = true;
    status.retry_after_seconds = 1;
    status.causes.push_back({"ResourceVersionTooLarge", "Too large resource version", ""});
    return refuse(std::move(status));
  }
  if (match == "Exact" && revision != 0) {
    if (revision < store.compacted())
      return refuse(expired("The resourceVersion for the provided list is too old.", {}));
    return Snapshot{revision, false};
  }
  return Snapshot{store.revision(), wanted == "0"};
}

class ListWriter {
 public:
  ListWriter(ObjectStore& store, const Selection& selection, ItemForm form, std::size_t limit)
      : store_(store), selection_(selection), form_(std::move(form)), limit_(limit) {}

  /// False: the page is full, and there is more.
  bool take(const StoreKey& key, std::int64_t revision) {
    if (!selection_.may_take(key)) return true;
    if (limit_ != 0 && taken_ == limit_ && selection_.empty()) return more();
    std::optional<StoredObject> object = store_.at(revision);
    if (!object || !selection_.takes(object->json)) return true;
    if (limit_ != 0 && taken_ == limit_) return more();
    if (taken_++ != 0) items_ += ',';
    form_.append(items_, object->json);
    last_ = key;
    return true;
  }

  [[nodiscard]] const std::string& items() const { return items_; }
  [[nodiscard]] bool has_more() const { return more_; }
  [[nodiscard]] const StoreKey& last() const { return last_; }
  /// A page of one name is full at once, yet the server still gives a token (recorded/615).
  [[nodiscard]] bool full() const { return limit_ != 0 && taken_ == limit_; }
  [[nodiscard]] std::size_t taken() const { return taken_; }

 private:
  bool more() {
    more_ = true;
    return false;
  }

  ObjectStore& store_;
  const Selection& selection_;
  ItemForm form_;
  std::size_t limit_;
  std::string items_;
  std::size_t taken_ = 0;
  bool more_ = false;
  StoreKey last_;
};

/// Rows of a storage as they were at a revision, in order, after a key.
void visit_snapshot(ObjectStore& store, const StoreKey& place, const StoreKey* after, std::int64_t revision,
                    const ObjectStore::Visit& visit) {
  if (revision == store.revision() || store.since(revision, place.storage, 1).empty()) {
    store.visit(place.storage, place.namespace_name, after, visit);
    return;
  }
  for (const auto& [key, row] : store.keys_at(revision, place.storage)) {
    bool inside = place.namespace_name.empty() || key.namespace_name == place.namespace_name;
    if (!inside || (after != nullptr && key <= *after)) continue;
    if (!visit(key, row)) return;
  }
}

/// Objects behind the page that `writer` has: by what the page before had left, or counted.
std::size_t count_left(ObjectStore& store, const ListWriter& writer, ListCounts::Place place,
                       const StoreKey* after, ListCounts& counts) {
  std::optional<std::size_t> before;
  if (after != nullptr) {
    place.after = *after;
    before = counts.left_behind(place);
  }
  std::size_t left = 0;
  if (before && *before >= writer.taken()) {
    left = *before - writer.taken();
  } else {
    visit_snapshot(store, {place.storage, place.namespace_name, {}}, &writer.last(), place.revision,
                   [&](const StoreKey&, std::int64_t) { return ++left != 0; });
  }
  place.after = writer.last();
  counts.remember(std::move(place), left);
  return left;
}

std::string start_key(const StoreKey& key, bool all_namespaces) {
  return all_namespaces && !key.namespace_name.empty() ? fmt::format("/{}/{}", key.namespace_name, key.name)
                                                       : "/" + key.name;
}

}  // namespace

std::optional<std::size_t> ListCounts::left_behind(const Place& place) const {
  auto found = std::ranges::find(latest_, place, &std::pair<Place, std::size_t>::first);
  return found == latest_.end() ? std::nullopt : std::optional(found->second);
}

void ListCounts::remember(Place place, std::size_t left) {
  constexpr std::size_t most = 32;
  latest_.emplace_front(std::move(place), left);
  if (latest_.size() > most) latest_.pop_back();
}

ApiResult<std::string> list_objects(ObjectStore& store, const ResourceInfo& resource,
                                    std::string_view namespace_name, const ApiRequest& request,
                                    ListCounts& counts) {
  auto selection =
      Selection::parse(option(request, "labelSelector"), option(request, "fieldSelector"), resource.storage);
  if (!selection) return refuse(selection.error());
  auto snapshot = snapshot_of(store, request);
  if (!snapshot) return refuse(snapshot.error());
  StoreKey place{resource.storage, std::string(namespace_name), {}};
  auto limit = static_cast<std::size_t>(
      snapshot->from_cache ? 0 : std::max<std::int64_t>(0, number_of(option(request, "limit"))));
  bool all_namespaces = resource.namespaced && namespace_name.empty();
  std::optional<StoreKey> after;
  if (std::string_view token = option(request, "continue"); !token.empty()) {
    auto page = read_token(token, place);
    if (!page) return refuse(page.error());
    if (page->revision >= 0 && page->revision < store.compacted()) {
      return refuse(
          expired("The provided continue parameter is too old to display a consistent list result. You can "
                  "start a new list "
                  "without the continue parameter, or use the continue token in this response to retrieve "
                  "the remainder of the "
                  "results. Continuing with the provided token results in an inconsistent list - objects "
                  "that were created, "
                  "modified, or deleted between the time the first chunk was returned and now may show up in "
                  "the list.",
                  continue_token(-1, start_key(page->after, all_namespaces).substr(1))));
    }
    if (page->revision > 0) snapshot->revision = page->revision;
    after = page->after;
  }
  bool metadata_only = request.accept.find("as=PartialObjectMetadataList") != std::string::npos;
  ItemForm form{metadata_only,
                resource.custom ? type_head(resource.api_version, resource.kind) : std::string()};
  ListWriter writer(store, *selection, std::move(form), limit);
  visit_snapshot(store, place, after ? &*after : nullptr, snapshot->revision,
                 [&](const StoreKey& key, std::int64_t revision) { return writer.take(key, revision); });
  std::string out = "{";
  out += metadata_only ? type_head("meta.k8s.io/v1", "PartialObjectMetadataList")
                       : type_head(resource.api_version, resource.kind + "List");
  out += ",\"metadata\":{";
  if (writer.has_more()) {
    out += fmt::format("\"continue\":\"{}\",",
                       continue_token(snapshot->revision, start_key(writer.last(), all_namespaces)));
    if (selection->empty()) {
      ListCounts::Place counted{place.storage, place.namespace_name, snapshot->revision, {}};
      std::size_t left = count_left(store, writer, std::move(counted), after ? &*after : nullptr, counts);
      out += fmt::format("\"remainingItemCount\":{},", left);
    }
  }
  out += fmt::format("\"resourceVersion\":\"{}\"}},\"items\":[{}]}}", snapshot->revision, writer.items());
  return out;
}

namespace {

std::string event_line(std::string_view type, std::string_view head, std::string_view json) {
  std::string line = fmt::format("{{\"type\":\"{}\",\"object\":", type);
  append_object(line, head, json);
  line += "}\n";
  return line;
}

ApiResult<Selection> selection_of(const WatchStart& watch) {
  return Selection::parse(watch.query.label_selector, watch.query.field_selector, watch.query.storage);
}

}  // namespace

ApiResult<WatchStart> watch_start(const ObjectStore& store, const ResourceInfo& resource,
                                  std::string_view namespace_name, const ApiRequest& request) {
  WatchStart watch;
  watch.query = {resource.storage, std::string(namespace_name), std::string(option(request, "labelSelector")),
                 std::string(option(request, "fieldSelector"))};
  watch.api_version = resource.api_version;
  watch.kind = resource.kind;
  watch.bookmarks =
      option(request, "allowWatchBookmarks") == "true" || option(request, "allowWatchBookmarks") == "1";
  if (auto seconds = number_of(option(request, "timeoutSeconds")); seconds > 0)
    watch.timeout_seconds = seconds;
  auto selection = selection_of(watch);
  if (!selection) return refuse(selection.error());
  std::int64_t from = number_of(option(request, "resourceVersion"));
  watch.position = from == 0 ? store.revision() : from;
  return watch;
}

std::string watch_beginning(ObjectStore& store, const ResourceInfo& resource, const ApiRequest& request,
                            WatchStart& watch) {
  std::int64_t from = number_of(option(request, "resourceVersion"));
  if (from != 0 && from < store.compacted()) {
    ApiStatus status = expired(fmt::format("too old resource version: {} ({})", from, store.compacted()), {});
    watch.timeout_seconds = 0;
    return fmt::format("{{\"type\":\"ERROR\",\"object\":{}}}\n", to_json(status.to_value()));
  }
  bool initial = option(request, "sendInitialEvents") == "true";
  if (from != 0 && !initial) return {};
  auto selection = selection_of(watch);
  std::string lines;
  std::string head = type_head(resource.api_version, resource.kind);
  store.visit(watch.query.storage, watch.query.namespace_name, nullptr,
              [&](const StoreKey&, std::int64_t revision) {
                std::optional<StoredObject> object = store.at(revision);
                if (object && selection->takes(object->json))
                  lines += event_line("ADDED", head, object->json);
                return true;
              });
  watch.position = store.revision();
  if (initial) {
    Value metadata = fields({{"annotations", fields({{"k8s.io/initial-events-end", text("true")}})},
                             {"resourceVersion", text(std::to_string(watch.position))}});
    lines += event_line("BOOKMARK", head, to_json(fields({{"metadata", metadata}})));
  }
  return lines;
}

std::string watch_events(ObjectStore& store, WatchStart& watch) {
  constexpr std::size_t batch = 1000;
  auto selection = selection_of(watch);
  std::string lines;
  std::string head = type_head(watch.api_version, watch.kind);
  for (const StoredObject& row : store.since(watch.position, watch.query.storage, batch)) {
    watch.position = row.revision;
    if (!watch.query.namespace_name.empty() && row.key.namespace_name != watch.query.namespace_name) continue;
    bool now = !row.deleted && selection->takes(row.json);
    std::optional<StoredObject> old = row.previous == 0 ? std::nullopt : store.at(row.previous);
    bool before = row.previous != 0 && (selection->empty() || selection->takes(old ? old->json : row.json));
    if (!now && !before) continue;
    if (!now && !row.deleted && old) {
      // It left the selection: a deletion, for this watcher, of what it was, at the new version.
      Value last =
          with(*parse_json(old->json), {"metadata", "resourceVersion"}, text(std::to_string(row.revision)));
      lines += event_line("DELETED", head, to_json(last));
    } else {
      lines += event_line(now ? before ? "MODIFIED" : "ADDED" : "DELETED", head, row.json);
    }
  }
  return lines;
}

std::string watch_bookmark(const WatchStart& watch) {
  Value object = fields({{"metadata", fields({{"resourceVersion", text(std::to_string(watch.position))}})}});
  return event_line("BOOKMARK", type_head(watch.api_version, watch.kind), to_json(object));
}

}  // namespace carbon::sandbox
