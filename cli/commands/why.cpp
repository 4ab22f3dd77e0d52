#include <fmt/core.h>

#include "base/trim.h"

#include "cli/commands/running.h"
#include "cli/views/why_view.h"

namespace carbon {

namespace {

/// `web.spec.replicas`: the longest address in it that there is, and the path behind it.
struct Question {
  std::uint32_t resource = ResourceGraph::npos;
  FieldPath field;
};

Result<Question> read_question(const ResourceGraph& graph, const std::string& text) {
  for (std::size_t end = text.size(); end != 0 && end != std::string::npos;) {
    std::uint32_t found = graph.find(std::string_view(text).substr(0, end));
    if (found != ResourceGraph::npos) {
      std::string_view rest = std::string_view(text).substr(end);
      if (rest.starts_with('.')) rest.remove_prefix(1);
      if (rest.empty()) return Question{found, {}};
      FieldPath field = CARBON_TRY(FieldPath::parse(rest));
      return Question{found, std::move(field)};
    }
    end = text.find_last_of(".[", end - 1);
  }
  return fail(no_such_address(graph, text));
}

void locate(const SourceMap& sources, WhyField& field) {
  if (field.origin == 0) return;
  SourceLocation at = sources.locate(field.origin);
  field.file = at.path;
  field.line = at.line;
  field.source = trimmed(sources.line(field.origin));
}

std::vector<std::string> addresses(const ResourceGraph& graph, std::span<const std::uint32_t> indices) {
  std::vector<std::string> made;
  for (std::uint32_t index : indices) made.push_back(graph.resource(index).address);
  return made;
}

}  // namespace

ExitCode run_why(const Options& options) {
  ExitCode code = ExitCode::success;
  auto pipeline = open_pipeline(options, Store::Access::read, code);
  if (pipeline == nullptr) return code;
  const ResourceGraph& graph = pipeline->expansion().graph;
  Result<Question> asked = read_question(graph, options.address);
  if (!asked) return report(asked.error(), pipeline->sources(), options);
  const Resource& resource = graph.resource(asked->resource);

  Result<LiveObject> live = pipeline->look_at(resource.address);
  Why why;
  why.address = resource.address;
  why.type = resource.type->name;
  if (resource.span.known()) {
    SourceLocation declared = pipeline->sources().locate(resource.span.begin);
    why.file = declared.path;
    why.line = declared.line;
  }
  why.field = asked->field.text();
  if (!live) why.not_read = live.error().message();
  if (live && live->presence == Presence::unknown)
    why.not_read = live->why ? live->why->message() : "unknown";
  why.absent = live && live->presence == Presence::absent;
  bool there = live && live->presence == Presence::present;
  why.fields = why_fields(resource, asked->field, there ? &*live : nullptr);
  if (why.fields.empty()) {
    return report(Error(DiagnosticCode::unknown_address,
                        fmt::format("`{}` says nothing of `{}`", resource.address, why.field))
                      .help(fmt::format("`carbon why '{}'` lists what it says", resource.address)),
                  pipeline->sources(), options);
  }
  for (WhyField& field : why.fields) locate(pipeline->sources(), field);
  std::vector<std::uint32_t> needs;
  for (const Edge& edge : graph.needs(asked->resource)) needs.push_back(edge.to);
  why.needs = addresses(graph, needs);
  why.needed_by = addresses(graph, graph.needed_by(asked->resource));
  constexpr std::size_t width = 100;
  fmt::print("{}", options.format == OutputFormat::json ? why_json(why) : why_text(why, width));
  return ExitCode::success;
}

}  // namespace carbon
