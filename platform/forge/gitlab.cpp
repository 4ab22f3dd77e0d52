// docs.gitlab.com/api: notes, merge_requests, commits (statuses), users.

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

class GitLab final : public Forge {
 public:
  GitLab(Io& io, PullRequest request)
      : client_(io, request.api, {{"PRIVATE-TOKEN", request.token}}),
        project_("/projects/" + percent_encoded(request.project)),
        merge_request_(fmt::format("{}/merge_requests/{}", project_, request.number)),
        commit_(std::move(request.commit)) {}

  Task<Result<std::optional<ForgeComment>>> find_comment(std::string beginning) override {
    auto asking = client_.get("/user");
    Result<Value> user = co_await asking;
    if (!user) co_return fail(user.error());
    std::string own = text_member(*user, "id");
    auto listing = client_.get_all(merge_request_ + "/notes?sort=asc&order_by=created_at");
    Result<std::vector<Value>> notes = co_await listing;
    if (!notes) co_return fail(notes.error());
    co_return first_comment(*notes, "author", "id", own, beginning);
  }

  Task<Status> create_comment(std::string body) override {
    auto writing =
        client_.change("POST", merge_request_ + "/notes", Value::record({field("body", text(body))}));
    co_return co_await writing;
  }

  Task<Status> edit_comment(std::string id, std::string body) override {
    auto writing = client_.change("PUT", fmt::format("{}/notes/{}", merge_request_, id),
                                  Value::record({field("body", text(body))}));
    co_return co_await writing;
  }

  /// One request does both; labels that are not there are no error.
  Task<Status> set_label(std::string label, std::vector<std::string> family) override {
    std::string others;
    for (const std::string& one : family) {
      if (one != label) others += (others.empty() ? "" : ",") + one;
    }
    auto writing = client_.change(
        "PUT", merge_request_,
        Value::record({field("add_labels", text(label)), field("remove_labels", text(others))}));
    co_return co_await writing;
  }

  Task<Status> set_status(CommitState state, std::string context, std::string description) override {
    auto writing = client_.change(
        "POST", fmt::format("{}/statuses/{}", project_, commit_),
        Value::record({field("state", text(state == CommitState::success ? "success" : "failed")),
                       field("name", text(context)), field("description", text(description))}));
    co_return co_await writing;
  }

 private:
  ForgeClient client_;
  std::string project_;
  std::string merge_request_;
  std::string commit_;
};

}  // namespace

std::unique_ptr<Forge> gitlab(Io& io, PullRequest request) {
  return std::make_unique<GitLab>(io, std::move(request));
}

}  // namespace carbon
