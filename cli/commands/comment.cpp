// A saved plan on its pull request: docs/ci/comment.md.

#include <fmt/core.h>

#include <charconv>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>

#include "cli/commands/running.h"
#include "cli/saved_plan.h"
#include "cli/views/comment_memory.h"
#include "engine/ports/run_on.h"
#include "platform/forge/forge.h"
#include "platform/io/network_driver.h"
#include "platform/secrets/secrets.h"

namespace carbon {

namespace {

constexpr std::string_view any_mark = "<!-- carbon:plan platform=";
constexpr int attempts = 3;
const std::vector<std::string> label_family{"carbon/no-change", "carbon/change", "carbon/delete",
                                            "carbon/blocked"};

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::uint64_t number_in(std::string_view text) {
  std::uint64_t number = 0;
  auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? number : 0;
}

/// `refs/pull/7/merge`
std::uint64_t pull_of(std::string_view ref) {
  constexpr std::string_view begin = "refs/pull/";
  if (!ref.starts_with(begin)) return 0;
  ref.remove_prefix(begin.size());
  return number_in(ref.substr(0, ref.find('/')));
}

tl::unexpected<Error> missing(const std::string& what, const std::string& help) {
  return fail(Error(DiagnosticCode::bad_usage, what).help(help));
}

/// The pull request that options and environment name.
Result<PullRequest> pull_request(const Options& options) {
  bool github = options.forge == "github";
  PullRequest request;
  request.api = variable(github ? "GITHUB_API_URL" : "CI_API_V4_URL");
  request.project = variable(github ? "GITHUB_REPOSITORY" : "CI_PROJECT_ID");
  request.token = variable(github ? "GITHUB_TOKEN" : "GITLAB_TOKEN");
  request.number = options.number;
  request.commit =
      options.commit.empty() ? variable(github ? "GITHUB_SHA" : "CI_COMMIT_SHA") : options.commit;
  if (request.number == 0)
    request.number = github ? pull_of(variable("GITHUB_REF")) : number_in(variable("CI_MERGE_REQUEST_IID"));
  if (request.api.empty()) request.api = github ? "https://api.github.com" : "https://gitlab.com/api/v4";
  if (request.project.empty()) {
    return github ? missing("no repository is named", "set GITHUB_REPOSITORY to OWNER/NAME")
                  : missing("no project is named", "set CI_PROJECT_ID to the project's number or path");
  }
  if (request.token.empty()) {
    return github ? missing("there is no token", "set GITHUB_TOKEN to one that may write comments")
                  : missing("there is no token", "set GITLAB_TOKEN to one with the scope `api`");
  }
  if (request.number == 0)
    return missing("no pull request is named", github ? "give --number, or run on refs/pull/N/merge"
                                                      : "give --number, or set CI_MERGE_REQUEST_IID");
  if (options.status && request.commit.empty())
    return missing("no commit is named",
                   github ? "give --commit, or set GITHUB_SHA" : "give --commit, or set CI_COMMIT_SHA");
  return request;
}

/// Looks, then writes; looks again where it is not known what a write did, so that there are never two.
Task<Status> put_comment(Io& io, Forge& forge, std::string mark,
                         std::function<std::string(std::string)> body) {
  constexpr std::int64_t second = 1'000'000'000;
  Status last;
  std::optional<std::string> text;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    if (attempt > 0) {
      auto waiting = io.sleep(Duration{second << attempt});
      co_await waiting;
    }
    auto finding = forge.find_comment(mark);
    Result<std::optional<ForgeComment>> found = co_await finding;
    if (!found) co_return fail(found.error());
    // Once: what an attempt has written without hearing of it is no former comment.
    if (!text) text = body(*found ? (*found)->body : "");
    if (*found && (*found)->body == *text) co_return Status{};
    auto writing = *found ? forge.edit_comment((*found)->id, *text) : forge.create_comment(*text);
    last = co_await writing;
    bool passing = !last && (last.error().code() == DiagnosticCode::unreachable ||
                             last.error().code() == DiagnosticCode::server_error);
    if (!passing) co_return last;
  }
  co_return last;
}

std::string label_of(const Plan& plan, bool stale) {
  if (stale || !plan.blocked.empty()) return "carbon/blocked";
  if (plan.summary.delete_ + plan.summary.replace > 0) return "carbon/delete";
  return plan.summary.empty() ? "carbon/no-change" : "carbon/change";
}

/// The text for a pull request whose former comment is known.
std::string comment_text(const Plan& plan, const PlanFacts& facts, CommentFacts comment,
                         std::string_view former) {
  OpenSslDigester digester("");
  TextDigest digest = [&digester](std::string_view text) { return digester.sha256_hex(text); };
  CommentMemory now = memory_of(plan, digest);
  CommentMemory before = decode_memory(former);
  comment.memory = encode_memory(now);
  comment.compared = now.complete && before.complete;
  if (!comment.compared) return plan_markdown(plan, facts, comment);
  for (const Change& change : plan.changes) {
    std::string address = remembered_address(change.address, digest);
    auto found = before.changes.find(address);
    if (found == before.changes.end()) {
      comment.fresh.insert(change.address);
    } else if (found->second != now.changes[address]) {
      comment.other.insert(change.address);
    } else {
      ++comment.same;
    }
  }
  for (const auto& [address, change] : before.changes)
    comment.gone += now.changes.contains(address) ? 0U : 1U;
  return plan_markdown(plan, facts, comment);
}

/// Which live field has moved on, in one line; empty when none has.
Result<std::string> staleness(const Options& options, SavedPlan saved) {
  auto pipeline = CARBON_TRY(Pipeline::open(options, std::move(saved), Store::Access::write));
  const Plan& plan = pipeline->plan();
  if (plan.inventory_generation != pipeline->inventory().generation)
    return fmt::format("the inventory has generation {} now", pipeline->inventory().generation);
  Status holds = pipeline->verify_saved_plan();
  if (holds) return std::string();
  if (holds.error().code() != DiagnosticCode::stale_plan) return fail(holds.error());
  return std::string(holds.error().message());
}

Task<Status> publish(Io& io, Forge& forge, const Options& options, const Plan& plan, std::string stale,
                     std::function<std::string(std::string)> body) {
  auto writing = put_comment(io, forge, comment_mark(plan), std::move(body));
  Status done = co_await writing;
  if (done && options.labels) {
    auto labelling = forge.set_label(label_of(plan, !stale.empty()), label_family);
    done = co_await labelling;
  }
  if (done && options.status) {
    std::string context = fmt::format("carbon/{}/{}", plan.platform, plan.environment);
    auto setting =
        forge.set_status(stale.empty() ? CommitState::success : CommitState::failure, context,
                         stale.empty() ? summary_text(plan.summary) : "stale: make the plan again");
    done = co_await setting;
  }
  co_return done;
}

std::unique_ptr<Forge> forge_of(const Options& options, Io& io, PullRequest request) {
  return options.forge == "github" ? github(io, std::move(request)) : gitlab(io, std::move(request));
}

/// What `plan --format markdown` printed, as it is.
ExitCode show_text(const Options& options, const std::string& text) {
  if (options.forge == "stdout") {
    fmt::print("{}", text);
    return ExitCode::success;
  }
  Result<PullRequest> request = pull_request(options);
  if (!request) return report(request.error(), SourceMap(), options);
  NetworkDriver io;
  auto forge = forge_of(options, io, std::move(*request));
  Status done =
      run_on(io, put_comment(io, *forge, text.substr(0, text.find('\n')), [&](std::string) { return text; }));
  return done ? ExitCode::success : report(done.error(), SourceMap(), options);
}

}  // namespace

ExitCode run_comment(const Options& options) {
  std::ifstream in(options.plan_file, std::ios::binary);
  std::ostringstream content;
  content << in.rdbuf();
  if (in && content.str().starts_with(any_mark)) return show_text(options, content.str());
  auto saved = read_plan(options.plan_file);
  if (!saved) return report(saved.error(), SourceMap(), options);
  Plan plan = saved->plan;
  PlanFacts facts{saved->id, {}, 0, options.plan_file, "carbon apply " + options.plan_file};
  CommentFacts comment;
  comment.artifact = options.artifact;
  if (options.check_live) {
    Result<std::string> stale = staleness(options, std::move(*saved));
    if (!stale) return report(stale.error(), SourceMap(), options);
    comment.stale = *stale;
  }
  ExitCode code = comment.stale.empty() ? ExitCode::success : ExitCode::stale;
  if (options.forge == "stdout") {
    fmt::print("{}", comment_text(plan, facts, comment, ""));
    return code;
  }
  Result<PullRequest> request = pull_request(options);
  if (!request) return report(request.error(), SourceMap(), options);
  comment.commit = request->commit;
  NetworkDriver io;
  auto forge = forge_of(options, io, std::move(*request));
  auto body = [&](const std::string& former) { return comment_text(plan, facts, comment, former); };
  Status done = run_on(io, publish(io, *forge, options, plan, comment.stale, body));
  return done ? code : report(done.error(), SourceMap(), options);
}

}  // namespace carbon
