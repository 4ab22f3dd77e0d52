// Every object of a kind, page by page: for taking over what is there. An observation asks for less
// (object_reader.h).

#include <fmt/core.h>

#include "base/value_json.h"
#include "platform/connectors/kubernetes/json_edit.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "platform/connectors/kubernetes/live_object.h"
#include "platform/connectors/kubernetes/paging.h"

namespace carbon {

namespace {

constexpr std::size_t most_pages = 100'000;
constexpr int gone = 410;  ///< the server compacted away the state that the pages came from

struct ListPage {
  std::vector<LiveObject> objects;
  std::string next;
};

Result<ListPage> read_page(const HttpReply& reply, const ResourceType& type, const std::string& server) {
  auto bad = [&](std::string_view what) {
    return fail(DiagnosticCode::bad_reply,
                fmt::format("{}: the list of {} is {}", server, type.kubernetes.plural, what));
  };
  Result<Value> json = json_body(reply);
  if (!json) return bad("no JSON: " + json.error().message());
  const Value* items = json->find("items");
  bool list = text_at(*json, {"kind"}).ends_with("List") && items != nullptr &&
              (items->is_sequence() || items->is_null());
  if (!list) return bad("not of the kind List");
  ListPage page;
  page.next = text_at(*json, {"metadata", "continue"});
  if (items->is_null()) return page;
  LiveObjectReader reader(type);
  for (const Value& item : items->items()) page.objects.push_back(CARBON_TRY(reader.read(item)));
  return page;
}

}  // namespace

Task<Result<std::vector<LiveObject>>> KubernetesConnector::list(const ResourceType* type,
                                                                std::string name_space) {
  std::string base = collection_path(type->kubernetes, name_space) + fmt::format("?limit={}", page_size);
  std::vector<LiveObject> found;
  std::string target = base;
  int restarts = 0;
  for (std::size_t pages = 0; pages < most_pages; ++pages) {
    auto reading = client_.read(target);
    HttpReply reply = co_await reading;
    if (reply.status == gone && restarts < most_restarts) {
      ++restarts;
      found.clear();
      target = base;
      continue;
    }
    if (reply.status != 200) {
      Subject subject{type->kubernetes.plural, client_.endpoint().name, false};
      ApiFailure failure = read_failure(reply);
      co_return fail(failure_error(failure, reply, subject));
    }
    Result<ListPage> page = read_page(reply, *type, client_.endpoint().name);
    if (!page) co_return fail(page.error());
    for (LiveObject& object : page->objects) found.push_back(std::move(object));
    if (page->next.empty()) co_return found;
    target = base + "&continue=" + percent_encode(page->next);
  }
  co_return fail(DiagnosticCode::bad_reply, fmt::format("{}: the list of {} is one without end",
                                                        client_.endpoint().name, type->kubernetes.plural));
}

}  // namespace carbon
