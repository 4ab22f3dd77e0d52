// Whatever an API server, or what stands in its place, replies: nothing crashes, every call ends, and nothing
// is taken for absent, present or written that no reply says to be so.
//
// An input is the replies in order, the last one for ever after: `200 application/json`, then the body, then
// a line
// `----` before the next.

#include <charconv>
#include <string>
#include <vector>

#include "base/diagnostic_text.h"
#include "base/value_json.h"
#include "platform/connectors/kubernetes/kubernetes_connector.h"
#include "stdlib/k8s/schema.h"
#include "tests/fuzz/target.h"
#include "tests/support/scripted_io.h"

namespace carbon::fuzz {

namespace {

std::string_view taken_line(std::string_view& text) {
  std::size_t end = std::min(text.find('\n'), text.size());
  std::string_view line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

std::vector<HttpReply> replies_of(std::string_view input) {
  std::vector<HttpReply> replies;
  while (!input.empty() && replies.size() < 20) {
    HttpReply& reply = replies.emplace_back();
    reply.sent = true;
    std::string_view head = taken_line(input);
    auto [end, error] = std::from_chars(head.data(), head.data() + head.size(), reply.status);
    if (error != std::errc() || reply.status < 0) reply.status = 200;
    head.remove_prefix(std::min(static_cast<std::size_t>(end - head.data()) + 1, head.size()));
    reply.headers.push_back({"Content-Type", std::string(head)});
    std::size_t next = std::min(input.find("\n----\n"), input.size());
    reply.body = input.substr(0, next);
    input.remove_prefix(std::min(next + 6, input.size()));
    if (reply.status == 0) {
      reply.failure = reply.body;
      reply.cause = HttpReply::Cause::reset;
    }
  }
  if (replies.empty()) replies.emplace_back();
  return replies;
}

Value metadata(std::string_view name_space, std::string_view name) {
  return Value::record(
      {{Value::string("metadata"), Value::record({{Value::string("namespace"), Value::string(name_space)},
                                                  {Value::string("name"), Value::string(name)}})}});
}

/// One server behind its replies, and the calls of a connector to it.
class World {
 public:
  explicit World(std::string_view input)
      : input_(input), replies_(replies_of(input)), io_([this](const HttpRequest&) { return answer(); }) {
    HttpEndpoint endpoint;
    endpoint.name = endpoint.base = "https://server";
    connector_.emplace(io_, endpoint);
  }

  void look() {
    for (const char* type : {"k8s.ConfigMap", "k8s.Deployment", "k8s.Secret", "k8s.GeneratedSecret"}) {
      restart();
      std::vector<ObjectKey> keys{{find(type), metadata("a", "x")}, {find(type), metadata("a", "y")}};
      std::vector<LiveObject> live = io_.result_of(connector_->observe(keys));
      demand(live.size() == keys.size(), "an object is left out", input_);
      for (const LiveObject& each : live) check_live(each);
      restart();
      Result<Readiness> ready = io_.result_of(connector_->readiness(keys.front()));
      demand(!ready || ready->kind != Readiness::Kind::ready || says("\"uid\""), "ready out of nothing",
             input_);
      if (!ready) check_error(ready.error());
    }
    restart();
    Result<TargetIdentity> target = io_.result_of(connector_->identify());
    demand(!target || !target->uid.empty(), "a server without identity", input_);
  }

  void write(const char* type) {
    WriteRequest request;
    request.key = {find(type), metadata("a", "x")};
    request.desired = metadata("a", "x");
    restart();
    check_outcome(io_.result_of(connector_->create(request)), "\"uid\"");
    request.uid = "u";
    request.version = "7";
    restart();
    check_outcome(io_.result_of(connector_->update(request)), "\"uid\"");
    restart();
    check_outcome(io_.result_of(connector_->remove(request)), "");
    restart();
    std::optional<Result<Value>> preview = io_.result_of(connector_->preview(request));
    if (preview && !*preview) check_error(preview->error());
  }

 private:
  static const ResourceType* find(std::string_view name) {
    static ResourceTypes types;
    static const bool added = (add_kubernetes_types(types), true);
    static_cast<void>(added);
    return types.find(name);
  }

  void restart() {
    next_ = 0;
    asked_ = 0;
  }

  HttpReply answer() {
    demand(++asked_ < 1000, "requests without end", input_);
    HttpReply reply = replies_[std::min(next_, replies_.size() - 1)];
    ++next_;
    return reply;
  }

  /// Keys cannot be spelled otherwise in the input: where one is escaped, nothing is asserted.
  [[nodiscard]] bool says(std::string_view word) const {
    return input_.find(word) != std::string_view::npos || input_.find('\\') != std::string_view::npos;
  }

  void check_error(const Error& error) const {
    demand(!error.message().empty(), "an error without a message", input_);
  }

  void check_live(const LiveObject& live) const {
    switch (live.presence) {
      case Presence::present:
        demand(!live.uid.empty() && !live.version.empty() && says("\"uid\""), "present out of nothing",
               input_);
        return;
      case Presence::absent:
        demand(says("NotFound") || says("items") || says("404 page not found"), "absent out of nothing",
               input_);
        return;
      case Presence::unknown:
        demand(live.why.has_value(), "unknown without a reason", input_);
        check_error(*live.why);
        return;
      case Presence::later: broken("a connector says later", input_);
    }
  }

  void check_outcome(const WriteOutcome& outcome, std::string_view proof) const {
    if (outcome.kind == WriteOutcome::Kind::done) {
      demand(proof.empty() || says(proof), "written out of nothing", input_);
    } else if (outcome.kind == WriteOutcome::Kind::refused) {
      demand(outcome.error.has_value(), "refused without a reason", input_);
    }
    if (outcome.error) check_error(*outcome.error);
  }

  std::string_view input_;
  std::vector<HttpReply> replies_;
  std::size_t next_ = 0;
  std::size_t asked_ = 0;
  test::ScriptedIo io_;
  std::optional<KubernetesConnector> connector_;
};

}  // namespace

void check_replies(std::string_view input) {
  World world(input);
  world.look();
  world.write("k8s.ConfigMap");
  world.write("k8s.GeneratedSecret");
}

}  // namespace carbon::fuzz
