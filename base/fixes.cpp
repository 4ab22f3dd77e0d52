#include "base/fixes.h"

#include <algorithm>
#include <tuple>

namespace carbon {

std::vector<ChosenFix> safe_fixes(const std::vector<Diagnostic>& diagnostics) {
  std::vector<ChosenFix> all;
  for (const Diagnostic& diagnostic : diagnostics) {
    auto safe = [](const Help& help) { return help.fix && help.fix->safety == FixSafety::safe; };
    auto help = std::find_if(diagnostic.helps.begin(), diagnostic.helps.end(), safe);
    if (help != diagnostic.helps.end()) all.push_back({&diagnostic, &*help->fix});
  }
  std::stable_sort(all.begin(), all.end(), [](const ChosenFix& a, const ChosenFix& b) {
    return std::tuple(a.fix->span.begin, a.fix->span.end) < std::tuple(b.fix->span.begin, b.fix->span.end);
  });
  std::vector<ChosenFix> chosen;
  for (const ChosenFix& each : all) {
    if (!chosen.empty()) {
      SourceSpan before = chosen.back().fix->span;
      if (each.fix->span.begin < before.end || each.fix->span.begin == before.begin) continue;
    }
    chosen.push_back(each);
  }
  return chosen;
}

std::string with_fixes(const SourceMap::File& file, std::span<const ChosenFix> fixes) {
  std::string out;
  std::size_t at = 0;
  std::size_t file_end = file.base + file.text.size();
  for (const ChosenFix& each : fixes) {
    SourceSpan span = each.fix->span;
    if (span.begin < file.base || span.end > file_end) continue;
    out.append(file.text, at, span.begin - file.base - at);
    out += each.fix->replacement;
    at = span.end - file.base;
  }
  return out.append(file.text, at);
}

}  // namespace carbon
