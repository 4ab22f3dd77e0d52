#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/task.h"
#include "engine/ports/io.h"

namespace carbon {

/// Where a pull request (merge request) is.
struct PullRequest {
  std::string api;      ///< `https://api.github.com`, `https://gitlab.com/api/v4`
  std::string project;  ///< GitHub: `owner/name`; GitLab: its number, or its path
  std::uint64_t number = 0;
  std::string commit;  ///< the head's, for a status; may be empty
  std::string token;   ///< secret: sent to `api` alone, in no message
};

/// A comment that the token's account wrote.
struct ForgeComment {
  std::string id;
  std::string body;
};

enum class CommitState : std::uint8_t { success, failure };

/// The way to one pull request of a forge. Straight-line coroutines over Io. Reads that fail for a moment (no
/// reply, 429, 5xx) are tried again up to three times; writes are left to the caller, who looks first.
/// Errors: C0702, C0703 and C0704 for credentials, C0706 for what is no JSON, C0708 with what the forge said.
class Forge {
 public:
  virtual ~Forge() = default;

  /// The oldest comment of the token's own account that begins with a text. Those of others are not looked
  /// at: a reviewer's quotation, or a forgery, is not carbon's.
  virtual Task<Result<std::optional<ForgeComment>>> find_comment(std::string beginning) = 0;
  virtual Task<Status> create_comment(std::string body) = 0;
  virtual Task<Status> edit_comment(std::string id, std::string body) = 0;
  /// Gives the request one label of a family, and takes the others of it away; no other label is touched.
  virtual Task<Status> set_label(std::string label, std::vector<std::string> family) = 0;
  virtual Task<Status> set_status(CommitState state, std::string context, std::string description) = 0;
};

/// GitHub's REST API, version 2022-11-28, and GitHub Enterprise's.
[[nodiscard]] std::unique_ptr<Forge> github(Io& io, PullRequest request);
/// GitLab's REST API, version 4.
[[nodiscard]] std::unique_ptr<Forge> gitlab(Io& io, PullRequest request);

}  // namespace carbon
