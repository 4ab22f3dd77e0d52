#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/sandbox/kubernetes/request.h"
#include "platform/sandbox/kubernetes_controllers/pod_fault.h"

namespace carbon::sandbox {

/// A fault of requests on request.
struct RequestFault {
  enum class Kind : std::uint8_t { latency, status, lost } kind = Kind::latency;
  int status = 0;
  std::int64_t shortest = 0;  ///< latency in nanoseconds
  std::int64_t longest = 0;
  double rate = 1;
  std::vector<std::string> methods;    ///< none: all
  std::string path;                    ///< a pattern; empty: all
  std::int64_t retry_after = 1;        ///< seconds, of 429 and 503
  std::optional<std::uint64_t> times;  ///< the first ones only
};

/// What `carbon sandbox serve --faults` says (docs/sandbox-faults.md).
struct FaultSpec {
  std::vector<RequestFault> requests;
  std::vector<PodFault> pods;
  std::uint64_t seed = 1;

  /// Errors: bad_usage, with the word that is not understood.
  [[nodiscard]] static Result<FaultSpec> parse(std::string_view text);
};

/// Decides request by request, by dice of the spec's seed. Thread-safe.
class RequestFaults {
 public:
  explicit RequestFaults(const FaultSpec& spec)
      : faults_(spec.requests), dice_(spec.seed), hits_(faults_.size()) {}

  struct Verdict {
    std::int64_t delay = 0;              ///< nanoseconds, before anything else
    std::optional<ApiResponse> instead;  ///< the answer; the request is not carried out
    bool lose_reply = false;             ///< carried out, and the connection ends without a reply
  };
  [[nodiscard]] Verdict judge(const ApiRequest& request);

 private:
  std::mutex lock_;
  std::vector<RequestFault> faults_;
  std::mt19937_64 dice_;
  std::vector<std::uint64_t> hits_;
};

}  // namespace carbon::sandbox
