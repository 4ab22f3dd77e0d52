#include "cli/views/explain_view.h"

#include <fmt/format.h>
#include <algorithm>

#include "base/diagnostic_code.h"
#include "cli/diagnostic_pages.h"

namespace carbon {

namespace {

/// Everything up to the first full stop that ends a sentence.
std::string_view first_sentence(std::string_view doc) {
  std::size_t end = doc.find(". ");
  return end == std::string_view::npos ? doc : doc.substr(0, end + 1);
}

std::string signature(const Function& function) {
  std::string parameters;
  for (const Parameter& parameter : function.parameters) {
    parameters += fmt::format("{}{}{} : {}{}", parameters.empty() ? "" : ", ", parameter.name,
                              parameter.variadic ? "..." : "", parameter.type, parameter.optional ? "?" : "");
  }
  return fmt::format("{}({}) : {}", function.name, parameters, function.result);
}

/// Those that files can call; the others are operators and parts of open values.
std::vector<const Function*> callable(const FunctionTable& functions) {
  std::vector<const Function*> found;
  for (std::string_view name : functions.names()) {
    const Function* function = functions.find(name);
    if (is_callable(*function)) found.push_back(function);
  }
  return found;
}

/// Words side by side, in lines that fit.
std::string in_lines(const std::vector<std::string_view>& words) {
  constexpr std::size_t most = 100;
  std::string out;
  std::string line = " ";
  for (std::string_view word : words) {
    if (line.size() + word.size() >= most) {
      out += line + "\n";
      line = " ";
    }
    line += fmt::format(" {}", word);
  }
  return out + line + "\n";
}

}  // namespace

bool is_callable(const Function& function) { return !function.example.empty(); }

std::string page_text(std::string_view markdown) {
  std::string out;
  bool inside = false;
  while (!markdown.empty()) {
    std::size_t end = std::min(markdown.find('\n'), markdown.size());
    std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.starts_with("```")) {
      inside = !inside;
      continue;
    }
    if (inside && !line.empty()) out += "    ";
    if (!inside && line.starts_with("# ")) line.remove_prefix(2);
    out += line;
    out += '\n';
  }
  return out;
}

std::string function_text(const Function& function) {
  std::string out = fmt::format("{}\n\n{}\n", signature(function), function.doc);
  if (!function.example.empty()) out += fmt::format("\n    {}\n", function.example);
  return out;
}

std::string functions_text(const FunctionTable& functions) {
  std::vector<const Function*> all = callable(functions);
  std::size_t width = 0;
  for (const Function* each : all) width = std::max(width, each->name.size());
  std::string out;
  for (const Function* each : all)
    out += fmt::format("{:<{}}  {}\n", each->name, width, first_sentence(each->doc));
  return out;
}

std::string topics_text(const FunctionTable& functions, const std::vector<std::string_view>& packages) {
  std::string out =
      "carbon explain CODE         what a diagnostic means, an example, what to do\n"
      "carbon explain fn [NAME]    a built-in function, or all of them\n"
      "carbon explain PACKAGE      the types of a package\n"
      "carbon explain TYPE.FIELD   a type (k8s.Deployment) or what is in it (k8s.Deployment.spec)\n"
      "\nCodes\n\n";
  for (const DiagnosticPage& page : diagnostic_pages()) {
    std::string_view title = page.text.substr(0, page.text.find('\n'));
    out += fmt::format("  {}\n", title.substr(std::min<std::size_t>(title.size(), 2)));
  }
  std::vector<std::string_view> names;
  for (const Function* each : callable(functions)) names.push_back(each->name);
  out += "\nFunctions\n\n" + in_lines(names) + "\nPackages\n\n";
  return out + in_lines(packages);
}

std::string package_text(const ResourceTypes& types, std::string_view package) {
  std::vector<std::string> names = types.names(package);
  std::sort(names.begin(), names.end());
  std::string out;
  for (const std::string& name : names) out += name + "\n";
  return out;
}

}  // namespace carbon
