#pragma once

#include <string>
#include <utility>

#include "platform/store/store.h"

namespace carbon {

/// A file that one process at a time has locked (flock), with the holder's record in it. The kernel lets go
/// of the lock when the process ends, however it ends.
class LockFile {
 public:
  LockFile() = default;
  LockFile(LockFile&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)) {}
  LockFile& operator=(LockFile&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    path_.swap(other.path_);
    return *this;
  }
  ~LockFile();

  /// Waits as long as the request says. Errors: C0905 with the holder, C0908.
  static Result<LockFile> take(const std::string& path, const LockRequest& request);
  /// Who has it. Errors: C0908.
  static Result<LockState> state(const std::string& path);

  [[nodiscard]] bool held() const { return descriptor_ >= 0; }
  [[nodiscard]] const std::string& path() const { return path_; }
  /// Writes the record anew. Only people read it, so a full disk is no reason to fail.
  void write(const LockHolder& holder) const;

 private:
  LockFile(int descriptor, std::string path) : descriptor_(descriptor), path_(std::move(path)) {}
  static Result<LockFile> attempt(const std::string& path);

  int descriptor_ = -1;
  std::string path_;
};

}  // namespace carbon
