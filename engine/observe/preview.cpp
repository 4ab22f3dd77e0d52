#include "engine/observe/preview.h"

#include <utility>

#include "base/task_group.h"
#include "engine/expr/evaluate.h"
#include "engine/observe/live_values.h"

namespace carbon {

namespace {

constexpr std::size_t at_once = 24;

Task<void> ask(Connector* connector, Address address, WriteRequest request, LiveState* live,
               Semaphore* limit) {
  auto slot = limit->acquire();
  co_await slot;
  auto asking = connector->preview(std::move(request));
  std::optional<Result<Value>> answer = co_await asking;
  limit->release();
  if (answer) live->previews.emplace(address, std::move(*answer));
}

}  // namespace

Task<void> preview(const ObserveInput* input, std::vector<PreviewCandidate> candidates, LiveState* live) {
  CloseContext context{input->functions,
                       [input, live](std::string_view address, std::string_view path) {
                         return live_attribute(input->graph, *live, address, path);
                       },
                       [input](const OpenTerm& leaf) { return input->secrets.resolve(leaf); }};
  Semaphore limit(at_once);
  TaskGroup group;
  for (PreviewCandidate& candidate : candidates) {
    auto connector = input->connectors.find(candidate.provider);
    if (connector == input->connectors.end()) continue;
    Result<Value> desired = close(candidate.request.desired, context, Secrets::reveal);
    bool whole = desired && !desired->contains_unknown() && !desired->contains_secret();
    if (!whole) continue;
    candidate.request.desired = std::move(*desired);
    group.spawn(ask(connector->second.get(), candidate.address, std::move(candidate.request), live, &limit));
  }
  auto all = group.all();
  co_await all;
}

}  // namespace carbon
