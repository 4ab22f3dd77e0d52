// Replays what a real API server was asked and compares the answers. A difference must be listed, with its
// reason, in known_differences.txt; a listed one that is gone must be struck off.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <algorithm>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/api_server.h"
#include "platform/sandbox/kubernetes/server.h"
#include "platform/yaml/yaml.h"
#include "tests/unit/platform/sandbox/kubernetes/recorded_exchange.h"

namespace carbon::sandbox {

namespace {

const std::string root = CARBON_SOURCE_ROOT;
const std::string here = root + "/tests/unit/platform/sandbox/kubernetes/";

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  REQUIRE_MESSAGE(file.good(), path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    if (!line.empty() && line[0] != '#') lines.push_back(line);
  }
  return lines;
}

/// Name to reason.
std::map<std::string, std::string> known_differences() {
  std::map<std::string, std::string> known;
  for (const std::string& line : lines_of(here + "known_differences.txt")) {
    known[line.substr(0, line.find(": "))] = line.substr(line.find(": ") + 2);
  }
  return known;
}

/// Recordings leave credentials out: who sent which.
UserInfo user_of(const std::string& exchange) {
  if (exchange.starts_with("541-")) return {"system:anonymous", {}, {"system:unauthenticated"}, {}};
  bool guest = exchange > "542-" && exchange < "549-";
  if (guest) return {"carbon-guest", {}, {"system:authenticated"}, {}};
  return {};
}

class Replay {
 public:
  Replay() {
    occasion_.now = 1'795'540'000'000'000'000;
    occasion_.random = [this] { return seed_ = seed_ * 6364136223846793005U + 1442695040888963407U; };
    auto opened = KubernetesSandbox::open(":memory:", occasion_);
    REQUIRE(opened.has_value());
    sandbox_ = *std::move(opened);
    sandbox_->set_token_maker([](const TokenClaims&) { return std::string("(made)"); });
    sandbox_->set_yaml_reader([](std::string_view text) -> std::optional<Value> {
      auto value = parse_yaml(text);
      return value ? std::optional(*std::move(value)) : std::nullopt;
    });
    std::string now;
    for (const std::string& line : lines_of(here + "setup.txt")) {
      if (line.starts_with("before ") || line.starts_with("during ")) {
        now = line;
      } else {
        setup_[now].push_back(line);
      }
    }
  }

  std::vector<std::string> run(const RecordedExchange& exchange) {
    run_setup("before " + exchange.name);
    ApiRequest request = request_of(exchange);
    ApiResponse response = sandbox_->handle(request, occasion_);
    if (response.watch) {
      run_setup("during " + exchange.name);
      response.body += sandbox_->watch_lines(*response.watch);
    }
    settle();
    return compare(exchange, response);
  }

 private:
  void settle() {
    while (sandbox_->settle(occasion_)) {
    }
    occasion_.now += 1'000'000'000;
  }

  ApiRequest request_of(const RecordedExchange& exchange) {
    ApiRequest request = ApiRequest::of(exchange.method, renaming_.applied(exchange.target));
    request.content_type = exchange.content_type;
    request.accept = exchange.accept;
    request.user_agent = "carbon-record/1";
    for (const auto& [name, value] : exchange.headers) request.take_header(name, value);
    request.user = user_of(exchange.name);
    request.body = renaming_.applied(exchange.body);
    if (exchange.name.starts_with("557-")) {
      request.body = fmt::format(
          R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"large"}},"data":{{"a":"{}"}}}})",
          std::string(1'200'000, 'x'));
    }
    if (exchange.name.starts_with("558-")) request.body = std::string(4'000'000, 'x');
    return request;
  }

  void run_setup(const std::string& when) {
    Value last;
    for (const std::string& line : setup_[when]) {
      std::istringstream words(line);
      std::string method, target, type, body;
      words >> method >> target >> type;
      std::getline(words >> std::ws, body);
      if (method == "compact") {
        REQUIRE(sandbox_->store().compact(sandbox_->revision()).has_value());
      } else if (method == "learn") {
        renaming_.learn(target, std::string(last.find("metadata")->find(type)->text()));
      } else {
        RecordedExchange step;
        step.method = method;
        step.target = target;
        step.content_type = type == "-" ? "" : type;
        step.body = body;
        ApiResponse response = sandbox_->handle(request_of(step), occasion_);
        REQUIRE_MESSAGE(response.status < 300, line, response.body);
        last = *parse_json(response.body);
        settle();
      }
    }
  }

  std::vector<std::string> compare(const RecordedExchange& exchange, const ApiResponse& response) {
    std::vector<std::string> found;
    if (response.status != exchange.status)
      found.push_back(fmt::format("status {}, ours {}: {}", exchange.status, response.status, response.body));
    std::vector<std::string> warnings;
    for (const auto& [name, value] : response.headers) {
      // Ours say what the sandbox does not do; no API server would.
      if (name == "Warning" && value.find("the sandbox does not") == std::string::npos)
        warnings.push_back(value);
    }
    if (warnings != exchange.warnings) found.push_back("Warning headers");
    if (!exchange.reply_type.starts_with("application/json")) {
      if (response.body != exchange.reply && response.body + "\n" != exchange.reply)
        found.push_back("text " + response.body);
      return found;
    }
    if (exchange.name.starts_with("9") && exchange.name.find("watch") != std::string::npos) {
      compare_lines(exchange.reply, response.body, found);
      return found;
    }
    auto recorded = parse_json(exchange.reply);
    auto ours = parse_json(response.body);
    REQUIRE_MESSAGE(recorded.has_value(), exchange.name);
    REQUIRE_MESSAGE(ours.has_value(), exchange.name, response.body);
    if (response.status == exchange.status) {
      for (std::string& one : differences(normalised(*recorded), normalised(*ours)))
        found.push_back(std::move(one));
    }
    renaming_.learn(*recorded, *ours);
    return found;
  }

  static void compare_lines(const std::string& recorded, const std::string& ours,
                            std::vector<std::string>& found) {
    std::istringstream left(recorded), right(ours);
    std::string a, b;
    while (std::getline(left, a)) {
      // When bookmarks come is the host's decision, and so is how many.
      if (a.starts_with(R"({"type":"BOOKMARK")") && a.find("initial-events-end") == std::string::npos)
        continue;
      if (!std::getline(right, b)) b = "{}";
      for (std::string& one : differences(normalised(*parse_json(a)), normalised(*parse_json(b))))
        found.push_back(std::move(one));
    }
    if (std::getline(right, b)) found.push_back("more events: " + b);
  }

  std::uint64_t seed_ = 42;
  Occasion occasion_;
  std::unique_ptr<KubernetesSandbox> sandbox_;
  Renaming renaming_;
  std::map<std::string, std::vector<std::string>> setup_;
};

}  // namespace

TEST_CASE("the sandbox answers as the recorded API server did") {
  std::map<std::string, std::string> known = known_differences();
  std::set<std::string> used;
  Replay replay;
  std::size_t same = 0;
  for (const RecordedExchange& exchange : read_recordings(root + "/tests/real/recorded")) {
    if (known.contains(exchange.name)) used.insert(exchange.name);
    // Not asked at all: the answer would have effects that the recording server refused.
    if (known.contains(exchange.name) && known[exchange.name].starts_with("(not asked)")) continue;
    std::vector<std::string> found = replay.run(exchange);
    if (found.empty()) {
      ++same;
      CHECK_MESSAGE(!known.contains(exchange.name), exchange.name, " no longer differs: strike it off");
    } else if (!known.contains(exchange.name)) {
      for (const std::string& one : found) FAIL_CHECK(exchange.name << one);
    }
  }
  for (const auto& each : known) CHECK_MESSAGE(used.contains(each.first), "no such recording: ", each.first);
  MESSAGE(same << " exchanges alike, " << known.size() << " known differences");
}

}  // namespace carbon::sandbox
