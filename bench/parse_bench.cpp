// Parses a generated file of about 10 MB, to a tree and to nothing, and prints MB/s of the best and the
// median run, in seconds of the processor: what else goes on is not counted. `parse_bench FILE` uses that
// file's text instead, repeated to the same size.

#include <fmt/core.h>

#include <algorithm>
#include <ctime>
#include <fstream>
#include <iterator>
#include <vector>

#include "bench/recogniser.h"
#include "dsl/parse/parse.h"

namespace {

constexpr std::size_t target_bytes = 10'000'000;
constexpr int runs = 7;

/// What people write: headers, records, strings, expressions, comments, operations.
std::string declarations(int i) {
  return fmt::format(R"(
## Object number {0} of the generated platform.
resource app_{0} : k8s.Deployment for host, service in routes_{0} by host if env.name != "dev" {{
  protect when env.name == "prod"
  after store_{0}
  metadata = {{ namespace = data.metadata.name, name = "app-{0}-${{host}}" }}
  spec = {{
    replicas  = if env.name == "prod" then 3 else 1
    resources = {{ requests = {{ cpu = 500m, memory = 8Gi }}, limits = {{ memory = {0}Mi * 2 + 1Gi }} }}
    args      = ["--listen", ":8080", ...extra_{0} if count(extra_{0}) > 0, "--timeout=${{timeout_{0}}}"]
    labels    = {{ for k, v in labels : [lower(k)] = trim(v) if v != null }} # kept sorted
  }}
}}
input size_{0} : int(min=1, max=9) = 1
let hosts_{0} = [for h in zones : "${{h}}.example.com" if not starts_with(h, "_")]
type Folder_{0} via http {{
  identity uid
  uid    : string(pattern='[A-Za-z0-9_-]+', max=40) immutable = slug(self.title)
  parent : Folder?
  read {{
    get "/api/folders/${{self.uid}}"
    absent when status == 404
    take {{ title = body.title, parent = body.parentUid }}
  }}
}}
)",
                     i);
}

std::string generate() {
  std::string text;
  for (int i = 0; text.size() < target_bytes; ++i) text += declarations(i);
  return text;
}

std::string repeat(const char* path) {
  std::ifstream file(path, std::ios::binary);
  std::string once(std::istreambuf_iterator<char>(file), {});
  std::string text;
  while (!once.empty() && text.size() < target_bytes) text += once + '\n';
  return text;
}

double processor_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

/// MB/s of each run, the slowest first.
template <class Work>
std::vector<double> measure(double megabytes, const Work& work) {
  std::vector<double> speeds;
  for (int run = 0; run < runs; ++run) {
    double begin = processor_seconds();
    work();
    speeds.push_back(megabytes / (processor_seconds() - begin));
  }
  std::sort(speeds.begin(), speeds.end());
  return speeds;
}

}  // namespace

int main(int count, char** arguments) {
  carbon::SourceMap sources;
  std::uint32_t file = sources.add("bench.carbon", count > 1 ? repeat(arguments[1]) : generate());
  const std::string_view text = sources.file(file).text;
  double megabytes = static_cast<double>(text.size()) / 1e6;
  std::size_t nodes = 0;
  std::size_t errors = 0;
  std::vector<double> trees = measure(megabytes, [&] {
    carbon::DiagnosticSink sink;
    nodes = carbon::parse(sources, file, sink).nodes().size();
    errors = sink.error_count();
  });
  bool recognised = true;
  std::vector<double> without =
      measure(megabytes, [&] { recognised = carbon::recognise(text) && recognised; });
  fmt::print("recognise: {:.1f} MB; MB/s best {:.0f}, median {:.0f}\n", megabytes, without.back(),
             without[without.size() / 2]);
  fmt::print("parse: {:.1f} MB, {} nodes, {} errors; MB/s best {:.0f}, median {:.0f}\n", megabytes, nodes,
             errors, trees.back(), trees[trees.size() / 2]);
  return errors == 0 && recognised ? 0 : 1;
}
