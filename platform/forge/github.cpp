// docs.github.com/en/rest: issues/comments, issues/labels, commits/statuses, users. A pull request is an
// issue too.

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/percent_encoding.h"
#include "base/value_document.h"
#include "platform/forge/forge.h"
#include "platform/forge/forge_client.h"

namespace carbon {

using document::field;
using document::text;

namespace {

class GitHub final : public Forge {
 public:
  GitHub(Io& io, PullRequest request)
      : client_(io, request.api,
                {{"Authorization", "Bearer " + request.token}, {"X-GitHub-Api-Version", "2022-11-28"}}),
        repository_("/repos/" + request.project),
        issue_(fmt::format("{}/issues/{}", repository_, request.number)),
        commit_(std::move(request.commit)) {}

  Task<Result<std::optional<ForgeComment>>> find_comment(std::string beginning) override {
    auto asking = account();
    Result<std::string> own = co_await asking;
    if (!own) co_return fail(own.error());
    auto listing = client_.get_all(issue_ + "/comments");
    Result<std::vector<Value>> comments = co_await listing;
    if (!comments) co_return fail(comments.error());
    co_return first_comment(*comments, "user", "login", *own, beginning);
  }

  Task<Status> create_comment(std::string body) override {
    auto writing = client_.change("POST", issue_ + "/comments", Value::record({field("body", text(body))}));
    co_return co_await writing;
  }

  Task<Status> edit_comment(std::string id, std::string body) override {
    auto writing = client_.change("PATCH", fmt::format("{}/issues/comments/{}", repository_, id),
                                  Value::record({field("body", text(body))}));
    co_return co_await writing;
  }

  Task<Status> set_label(std::string label, std::vector<std::string> family) override {
    auto listing = client_.get_all(issue_ + "/labels");
    Result<std::vector<Value>> labels = co_await listing;
    if (!labels) co_return fail(labels.error());
    bool there = false;
    for (const Value& one : *labels) {
      std::string name = text_member(one, "name");
      there = there || name == label;
      if (name == label || std::find(family.begin(), family.end(), name) == family.end()) continue;
      auto removing = client_.change("DELETE", issue_ + "/labels/" + percent_encoded(name), Value());
      Status removed = co_await removing;
      if (!removed) co_return removed;
    }
    if (there) co_return Status{};
    auto adding = client_.change("POST", issue_ + "/labels",
                                 Value::record({field("labels", Value::list({text(label)}))}));
    co_return co_await adding;
  }

  Task<Status> set_status(CommitState state, std::string context, std::string description) override {
    auto writing = client_.change(
        "POST", fmt::format("{}/statuses/{}", repository_, commit_),
        Value::record({field("state", text(state == CommitState::success ? "success" : "failure")),
                       field("context", text(context)), field("description", text(description))}));
    co_return co_await writing;
  }

 private:
  /// Whose token it is. The one of a workflow may not ask (403) and is this robot's.
  Task<Result<std::string>> account() {
    auto asking = client_.get("/user");
    Result<Value> user = co_await asking;
    if (user) co_return text_member(*user, "login");
    if (user.error().code() == DiagnosticCode::forbidden) co_return std::string("github-actions[bot]");
    co_return fail(user.error());
  }

  ForgeClient client_;
  std::string repository_;
  std::string issue_;
  std::string commit_;
};

}  // namespace

std::unique_ptr<Forge> github(Io& io, PullRequest request) {
  return std::make_unique<GitHub>(io, std::move(request));
}

}  // namespace carbon
