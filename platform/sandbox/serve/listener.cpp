#include "platform/sandbox/serve/listener.h"

#include <algorithm>
#include <chrono>
#include <sstream>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_controllers/object_time.h"

namespace carbon::sandbox {

namespace {

constexpr std::int64_t bookmark_interval = 60 * second;

std::chrono::nanoseconds at_most_a_second(std::int64_t wait) {
  return std::chrono::nanoseconds(std::clamp<std::int64_t>(wait, 0, second));
}

}  // namespace

std::int64_t Listener::now() const {
  auto real = std::chrono::system_clock::now().time_since_epoch();
  return world_.world_time(std::chrono::duration_cast<std::chrono::nanoseconds>(real).count());
}

std::optional<TableRequest> Listener::table_of(const ApiRequest& request) {
  if (request.method != "GET" || !wants_table(request.accept)) return std::nullopt;
  TableRequest table = table_request(request);
  table.now = now();
  StoreKey key{"customresourcedefinitions.apiextensions.k8s.io", "", table.storage};
  if (auto stored = world_.kubernetes().store().get(key)) {
    auto definition = parse_json(stored->json);
    if (definition) table.custom_definition = [definition = *definition] { return definition; };
  }
  return table;
}

ApiResponse Listener::handle(const ApiRequest& request) {
  std::optional<TableRequest> table;
  ApiResponse response;
  {
    std::lock_guard guard(lock_);
    std::int64_t before = world_.kubernetes().revision();
    response = std::move(world_.handle({request}, now()).front());
    if (world_.kubernetes().revision() != before) changed_.notify_all();
    if (!response.watch) table = table_of(request);
  }
  if (!table || response.status != 200) return response;
  if (auto body = parse_json(response.body)) response.body = to_json(as_table(*table, *body));
  return response;
}

std::shared_ptr<WatchStream> Listener::open_watch(const ApiRequest& request, ApiResponse response) {
  auto stream = std::make_shared<WatchStream>();
  stream->watch = std::move(*response.watch);
  stream->first = std::move(response.body);
  std::lock_guard guard(lock_);
  stream->table = table_of(request);
  stream->end = now() + stream->watch.timeout_seconds * second;
  stream->next_bookmark = now() + bookmark_interval;
  return stream;
}

Listener::Part Listener::next_part(WatchStream& stream) {
  Part part;
  std::unique_lock guard(lock_);
  part.lines = std::exchange(stream.first, {}) + world_.kubernetes().watch_lines(stream.watch);
  if (part.lines.empty() && !stopped_) {
    changed_.wait_for(guard, at_most_a_second(stream.end - now()));
    part.lines = world_.kubernetes().watch_lines(stream.watch);
  }
  std::int64_t time = now();
  part.last = stopped_ || time >= stream.end;
  if (stream.watch.bookmarks && (part.last || time >= stream.next_bookmark)) {
    part.lines += world_.kubernetes().bookmark_line(stream.watch);
    stream.next_bookmark = time + bookmark_interval;
  }
  guard.unlock();
  if (!stream.table || part.lines.empty()) return part;
  stream.table->now = time;
  std::istringstream events(std::exchange(part.lines, {}));
  for (std::string line; std::getline(events, line);)
    part.lines += as_table_event(*stream.table, line) + "\n";
  return part;
}

std::string Listener::account_uid(const std::string& name_space, const std::string& name) {
  std::lock_guard guard(lock_);
  auto stored = world_.kubernetes().store().get({"serviceaccounts", name_space, name});
  auto account = stored ? parse_json(stored->json) : Result<Value>(Value());
  return account ? std::string(text_at(*account, {"metadata", "uid"})) : std::string();
}

void Listener::run_controllers() {
  std::unique_lock guard(lock_);
  while (!stopped_) {
    std::optional<std::int64_t> due = world_.next_due();
    std::int64_t wait = due ? *due - now() : second;
    if (wait > 0) {
      changed_.wait_for(guard, at_most_a_second(wait));
      continue;
    }
    std::int64_t before = world_.kubernetes().revision();
    world_.tick(now());
    if (world_.kubernetes().revision() != before) changed_.notify_all();
  }
}

void Listener::stop() {
  std::lock_guard guard(lock_);
  stopped_ = true;
  changed_.notify_all();
}

}  // namespace carbon::sandbox
