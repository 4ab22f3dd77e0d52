#include "platform/sandbox/kubernetes_controllers/container_status.h"

#include <fmt/format.h>

#include "platform/sandbox/kubernetes/object_edit.h"
#include "platform/sandbox/kubernetes_controllers/text_hash.h"

namespace carbon::sandbox {

namespace {

Value waiting(const ContainerState& state) {
  Value out = fields({{"reason", text(state.reason)}});
  return fields({{"waiting", state.message.empty() ? out : with(out, {"message"}, text(state.message))}});
}

Value terminated(std::string_view reason, std::int64_t exit_code, std::string_view now, std::string_view id) {
  return fields({{"terminated", fields({{"containerID", text(id)},
                                        {"exitCode", number(exit_code)},
                                        {"finishedAt", text(now)},
                                        {"reason", text(reason)},
                                        {"startedAt", text(now)}})}});
}

}  // namespace

Value container_status(const Value& container, const ContainerState& state, std::string_view now) {
  std::string_view image = text_at(container, {"image"});
  std::string id =
      fmt::format("sandbox://{:08x}", fnv1a(fmt::format("{}{}", text_at(container, {"name"}), image)));
  bool began = state.kind != ContainerState::Kind::waiting;
  Value current;
  switch (state.kind) {
    case ContainerState::Kind::waiting: current = waiting(state); break;
    case ContainerState::Kind::running:
      current = fields({{"running", fields({{"startedAt", text(now)}})}});
      break;
    case ContainerState::Kind::terminated:
      current = terminated(state.reason, state.exit_code, now, id);
      break;
  }
  bool restarted = state.restarts > 0;
  return fields(
      {{"name", text(text_at(container, {"name"}))},
       {"image", text(image)},
       {"imageID", text(began ? fmt::format("sandbox://{}", image) : "")},
       {"containerID", text(began ? id : "")},
       {"ready", Value::boolean(state.kind == ContainerState::Kind::running ||
                                (state.reason == "Completed" && state.exit_code == 0))},
       {"started", Value::boolean(state.kind == ContainerState::Kind::running)},
       {"restartCount", number(state.restarts)},
       {"state", current},
       {"lastState", restarted ? terminated(state.last_reason, state.exit_code, now, id) : Value::map({})}});
}

}  // namespace carbon::sandbox
