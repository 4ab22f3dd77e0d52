#include "cli/saved_plan.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/core.h>
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "base/base64.h"
#include "platform/secrets/secrets.h"

namespace carbon {

namespace {
constexpr std::int64_t lifetime = 24LL * 3600 * 1'000'000'000;
constexpr std::size_t nonce_bytes = 16;
}  // namespace

Status save_plan(const std::string& path, const Plan& plan, Io& io, const Digester& digester) {
  PlanEnvelope envelope;
  envelope.made_at = io.wall_clock();
  envelope.expires_at = envelope.made_at + lifetime;
  envelope.nonce = hex_encode(io.random(nonce_bytes));
  std::string text = encode_plan_file(plan, envelope, digester);
  auto failed = [&path] {
    return fail(DiagnosticCode::file_failed, fmt::format("cannot write {}: {}", path, std::strerror(errno)));
  };
  std::string beside = fmt::format("{}.{}", path, ::getpid());
  int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file < 0) return failed();
  bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  if (!written || ::rename(beside.c_str(), path.c_str()) != 0) {
    auto error = failed();
    ::unlink(beside.c_str());
    return error;
  }
  return {};
}

Result<SavedPlan> read_plan(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in)
    return fail(DiagnosticCode::file_failed, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  std::string text(static_cast<std::size_t>(std::max<std::streamoff>(in.tellg(), 0)), '\0');
  in.seekg(0).read(text.data(), static_cast<std::streamsize>(text.size()));
  if (!in)
    return fail(DiagnosticCode::file_failed, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  std::string key = CARBON_TRY(load_or_make_key(key_folder() + "/plan-signing.key"));
  Result<SavedPlan> saved = decode_plan_file(text, OpenSslDigester(std::move(key)));
  if (saved) return saved;
  Error error = saved.error();
  error.diagnostic().message = fmt::format("{}: {}", path, error.message());
  return fail(std::move(error));
}

}  // namespace carbon
