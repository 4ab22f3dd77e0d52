#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/value.h"

namespace carbon::sandbox {

/// One file of tests/real/recorded: a request and what a real API server answered.
struct RecordedExchange {
  std::string name;
  std::string method;
  std::string target;
  std::string content_type;
  std::string accept;
  std::vector<std::pair<std::string, std::string>> headers;  ///< all of the request
  std::string body;
  int status = 0;
  std::string reply_type;
  std::vector<std::string> warnings;
  std::string reply;
};

/// All of a folder, in the order in which they were recorded.
[[nodiscard]] std::vector<RecordedExchange> read_recordings(const std::string& folder);

/// Values that the recording server made, to those that ours made: uids, versions, continue tokens. Learned
/// from replies at the same places.
class Renaming {
 public:
  void learn(const std::string& recorded, const std::string& ours);
  void learn(const Value& recorded, const Value& ours);
  [[nodiscard]] std::string applied(std::string text) const;

 private:
  std::map<std::string, std::string> names_;
};

/// A reply without what differs from run to run: uids, versions, times, addresses, generated names,
/// certificates.
[[nodiscard]] Value normalised(const Value& reply);

/// Where two values differ: `.spec.x: 1, ours 2`.
[[nodiscard]] std::vector<std::string> differences(const Value& recorded, const Value& ours);

}  // namespace carbon::sandbox
