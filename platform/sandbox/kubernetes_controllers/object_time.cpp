#include "platform/sandbox/kubernetes_controllers/object_time.h"

#include <ctime>
#include <string>

namespace carbon::sandbox {

std::optional<std::int64_t> time_of(std::string_view text) {
  std::tm parts{};
  std::string whole(text);
  const char* rest = ::strptime(whole.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (rest == nullptr || !text.ends_with('Z')) return std::nullopt;
  std::int64_t time = std::int64_t{::timegm(&parts)} * second;
  if (*rest != '.') return time;
  std::int64_t unit = second;
  for (++rest; *rest >= '0' && *rest <= '9' && unit > 1; ++rest) {
    unit /= 10;
    time += (*rest - '0') * unit;
  }
  return time;
}

}  // namespace carbon::sandbox
