#include "platform/connectors/kubernetes/small_file.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace carbon {

namespace {

constexpr std::uintmax_t largest_file = 4 << 20;

}  // namespace

tl::unexpected<Error> kubeconfig_problem(std::string_view file, std::string_view what, std::string remedy) {
  Error error(DiagnosticCode::bad_kubeconfig, fmt::format("{}: {}", file, what));
  return fail(std::move(error).help(std::move(remedy)));
}

Result<std::string> read_small_file(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_regular_file(path, code))
    return kubeconfig_problem(path, "no such file", "check the path");
  if (std::filesystem::file_size(path, code) > largest_file)
    return kubeconfig_problem(path, "larger than 4 MiB", "give the kubeconfig file itself");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return kubeconfig_problem(path, "cannot be read", "check its permissions");
  return text.str();
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

}  // namespace carbon
