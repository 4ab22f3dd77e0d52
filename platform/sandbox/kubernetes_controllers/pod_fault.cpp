#include "platform/sandbox/kubernetes_controllers/pod_fault.h"

#include <algorithm>

#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

bool fits_pattern(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.substr(p).find_first_not_of('*') == std::string_view::npos;
}

bool PodFault::hits(const Value& pod) const {
  if (!name.empty() && !fits_pattern(name, text_at(pod, {"metadata", "name"}))) return false;
  if (image.empty()) return true;
  auto has_image = [&](std::string_view field) {
    return std::ranges::any_of(items_at(pod, {"spec", field}), [&](const Value& container) {
      return fits_pattern(image, text_at(container, {"image"}));
    });
  };
  return has_image("containers") || has_image("initContainers");
}

}  // namespace carbon::sandbox
