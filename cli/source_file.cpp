#include "cli/source_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>
#include <system_error>

namespace carbon {

namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t largest_file = 256u * 1024 * 1024;

bool is_hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

/// A file beside another, which takes its place or goes away.
class Replacement {
 public:
  explicit Replacement(const fs::path& path)
      : target_(path), beside_(fmt::format("{}.{}", path.native(), ::getpid())) {}
  ~Replacement() {
    if (file_ >= 0) ::close(file_);
    if (!done_) ::unlink(beside_.c_str());
  }
  Replacement(const Replacement&) = delete;
  Replacement& operator=(const Replacement&) = delete;

  /// False with errno set.
  bool run(std::string_view text, WhenMissing missing) {
    struct stat before {};
    before.st_mode = 0644;
    before.st_uid = ::geteuid();
    before.st_gid = ::getegid();
    bool is_new = missing == WhenMissing::make && ::access(target_.c_str(), F_OK) != 0 && errno == ENOENT;
    // The folder alone decides whether a file may be replaced; its own mode says whether it should be.
    bool may = is_new || (::access(target_.c_str(), W_OK) == 0 && ::stat(target_.c_str(), &before) == 0);
    if (!may) return false;
    file_ = ::open(beside_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file_ < 0) {
      done_ = true;  // whatever is there is not ours
      return false;
    }
    // Before the mode, which a change of owner resets. Only root may give files away; others own theirs
    // anyway.
    [[maybe_unused]] int owned = ::fchown(file_, before.st_uid, before.st_gid);
    bool written = ::fchmod(file_, before.st_mode & 07777) == 0 && write(text) && ::fsync(file_) == 0;
    if (!written || ::rename(beside_.c_str(), target_.c_str()) != 0) return false;
    done_ = true;
    return true;
  }

 private:
  bool write(std::string_view text) {
    while (!text.empty()) {
      ssize_t size = ::write(file_, text.data(), text.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) return false;
      text.remove_prefix(static_cast<std::size_t>(size));
    }
    return true;
  }

  std::string target_;
  std::string beside_;
  int file_ = -1;
  bool done_ = false;
};

}  // namespace

Result<std::string> read_source(const fs::path& path) {
  std::error_code error;
  if (!fs::is_regular_file(path, error)) return fail(DiagnosticCode::import_path, "there is no such file");
  if (fs::file_size(path, error) > largest_file)
    return fail(DiagnosticCode::file_failed, "it is larger than 256 MiB");
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) return fail(DiagnosticCode::file_failed, "it cannot be read");
  return std::move(text).str();
}

Result<std::string> read_standard_input() {
  std::string text;
  std::string chunk(64u * 1024, '\0');
  while (std::cin) {
    std::cin.read(chunk.data(), static_cast<std::streamsize>(chunk.size()));
    text.append(chunk, 0, static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > largest_file) return fail(DiagnosticCode::file_failed, "it is larger than 256 MiB");
  }
  if (std::cin.bad()) return fail(DiagnosticCode::file_failed, "it cannot be read");
  return text;
}

bool is_beneath(const fs::path& root, const fs::path& path) {
  std::error_code error;
  fs::path real = fs::weakly_canonical(path, error);
  auto [end, rest] = std::mismatch(root.begin(), root.end(), real.begin(), real.end());
  return !error && end == root.end();
}

std::vector<fs::path> source_files_beneath(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  fs::recursive_directory_iterator each(folder, fs::directory_options::skip_permission_denied, error);
  for (; !error && each != fs::recursive_directory_iterator(); each.increment(error)) {
    if (each->is_symlink()) continue;
    if (each->is_directory()) {
      if (is_hidden(each->path())) each.disable_recursion_pending();
    } else if (each->is_regular_file() && each->path().extension() == ".carbon") {
      files.push_back(each->path());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

Status replace_source(const fs::path& path, std::string_view text, WhenMissing missing) {
  if (Replacement(path).run(text, missing)) return {};
  return fail(DiagnosticCode::file_failed,
              fmt::format("cannot write `{}`: {}", path.native(), std::strerror(errno)));
}

}  // namespace carbon
