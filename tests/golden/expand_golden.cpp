// tests/golden/expand: a platform to its graph with every value, or to errors.

#include <fmt/format.h>

#include "base/value_json.h"
#include "engine/graph/graph_text.h"
#include "tests/support/golden_platform.h"

using namespace carbon;

namespace {

std::string describe(const Settings& settings) {
  std::string out;
  if (settings.protect) out += "  protect\n";
  for (const FieldPath& path : settings.ignore) out += fmt::format("  ignore {}\n", path.text());
  if (settings.timeout) out += fmt::format("  timeout {}\n", settings.timeout->text());
  if (settings.adopt) out += fmt::format("  adopt {}\n", *settings.adopt);
  if (settings.retry)
    out += fmt::format("  retry {} by {}\n", settings.retry->times, settings.retry->pause.text());
  if (settings.replace == ReplaceOrder::create_first) out += "  replace create_first\n";
  if (settings.replace == ReplaceOrder::never) out += "  replace never\n";
  return out;
}

std::string describe(const Expansion& expansion) {
  const ResourceGraph& graph = expansion.graph;
  std::string out = fmt::format("platform {} environment {}", expansion.platform, expansion.environment);
  if (expansion.world) out += *expansion.world == World::live ? " world live" : " world sandbox";
  if (expansion.inventory)
    out += fmt::format(" inventory {} {}", expansion.inventory->kind, expansion.inventory->where);
  out += "\n\n" + to_text(graph) + "\n";
  for (const Provider& provider : graph.providers())
    out += fmt::format(
        "provider {} {}{}\n", provider.address, encode_value(provider.config),
        provider.served_by.empty() ? "" : fmt::format(" served by {}", fmt::join(provider.served_by, ", ")));
  for (const Resource& resource : graph.resources()) {
    std::string mode = resource.mode == ResourceMode::managed ? "" : " (lookup)";
    out += fmt::format("{}{} {}\n", resource.address, mode, encode_value(resource.desired));
    if (graph.providers().size() > 1)
      out += fmt::format("  by {}\n", graph.providers()[resource.provider].address);
    out += describe(resource.settings);
  }
  for (const Output& output : graph.outputs())
    out += fmt::format("output {} = {}\n", output.name, encode_value(output.value));
  const PolicyReport& report = expansion.report;
  if (report.passed > 0 || !report.findings.empty()) out += fmt::format("judged: {} passed\n", report.passed);
  for (const PolicyFinding& each : report.findings)
    out += fmt::format("  {} {} {}: {}\n", to_string(each.severity), each.policy, each.address, each.message);
  return out;
}

}  // namespace

int main(int, char** arguments) {
  return testing::run_golden(arguments[1], [](const testing::GoldenCase& golden) {
    testing::GoldenPlatform platform(golden);
    platform.check();
    Expansion expansion = platform.expand();
    platform.judge_plan(expansion);
    return platform.output("expected.graph", describe(expansion));
  });
}
