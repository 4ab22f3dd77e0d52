#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.h"

namespace carbon::sandbox {

/// An open file with an advisory lock (flock); released when closed or when its process ends, however it
/// ends. Who holds it exclusively writes its process id into the file.
class FileLock {
 public:
  enum class Kind : std::uint8_t { shared, exclusive };

  FileLock() = default;
  FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileLock& operator=(FileLock&& other) noexcept {
    std::swap(descriptor_, other.descriptor_);
    return *this;
  }
  ~FileLock();

  /// Makes the file (mode 0600) if need be and waits at most 15 seconds for the lock. Errors: sandbox_failed.
  [[nodiscard]] static Result<FileLock> take(const std::string& path, Kind kind);
  /// The same without waiting: not held() means that somebody else has it. Errors: sandbox_failed.
  [[nodiscard]] static Result<FileLock> attempt(const std::string& path, Kind kind);

  /// Who seems to have the lock that attempt() did not get: `process 4711 (carbon)`.
  [[nodiscard]] static std::string holder(const std::string& path);

  [[nodiscard]] bool held() const { return descriptor_ >= 0; }

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace carbon::sandbox
