#include "cli/conversion_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/diagnostic_text.h"

namespace carbon {

namespace {

void print_variables(const std::vector<SecretVariable>& variables) {
  if (variables.empty()) return;
  fmt::print(stderr, "before a plan, set in the environment what the Secrets hold:\n");
  std::size_t width = 0;
  for (const SecretVariable& each : variables) width = std::max(width, each.name.size());
  for (const SecretVariable& each : variables) {
    fmt::print(stderr, "  {:{}}  {}, key {}{}\n", each.name, width, visible_line(each.object),
               visible_line(each.key), each.base64 ? ", in base64" : "");
  }
}

void print_left_out(const Converted& converted) {
  std::string all;
  for (const auto& [path, count] : converted.left_out)
    all += fmt::format("{}{} ({})", all.empty() ? "" : ", ", path, count);
  if (!all.empty()) fmt::print(stderr, "left out, since servers set it: {}\n", visible_line(all));
}

}  // namespace

void print_conversion(const Converted& converted) {
  print_left_out(converted);
  print_variables(converted.variables);
}

}  // namespace carbon
