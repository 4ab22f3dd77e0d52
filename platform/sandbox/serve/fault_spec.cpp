#include "platform/sandbox/serve/fault_spec.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>

#include "base/quantity.h"
#include "platform/sandbox/kubernetes/api_server.h"

namespace carbon::sandbox {

namespace {

constexpr std::array<std::string_view, 4> pod_faults{"crash-loop", "image-pull", "oom", "unschedulable"};
constexpr std::array<int, 4> statuses{429, 500, 503, 504};
constexpr std::array<std::string_view, 5> methods{"GET", "POST", "PUT", "PATCH", "DELETE"};
constexpr std::string_view forms =
    "latency=100ms or latency=10ms..2s, 429, 500, 503, 504, lost, crash-loop, unschedulable, image-pull, "
    "oom, slow=30s, "
    "seed=7; behind a fault of requests rate=5%, path=PATTERN, method=PATCH,POST, times=3, retry-after=2s; "
    "behind one of "
    "pods image=PATTERN, name=PATTERN";

tl::unexpected<Error> wrong(std::string_view word, std::string_view why) {
  return fail(Error(DiagnosticCode::bad_usage, fmt::format("`--faults`: `{}` {}", word, why))
                  .note("faults are separated by `;`, their words by blanks")
                  .help(fmt::format("write {}", forms)));
}

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    std::size_t end = std::min(text.find(by), text.size());
    if (end != 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

template <class T>
std::optional<T> read_number(std::string_view text) {
  T number{};
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// `key=value`; without `=` the value is empty.
struct Word {
  std::string_view whole;
  std::string_view key;
  std::string_view value;

  explicit Word(std::string_view text) : whole(text), key(text.substr(0, text.find('='))) {
    if (key.size() < text.size()) value = text.substr(key.size() + 1);
  }
};

Status read_latency(const Word& word, RequestFault& fault) {
  std::size_t dots = word.value.find("..");
  auto first = Duration::parse(word.value.substr(0, dots));
  auto last = dots == std::string_view::npos ? first : Duration::parse(word.value.substr(dots + 2));
  if (!first || !last || first->nanoseconds < 0 || last->nanoseconds < first->nanoseconds)
    return wrong(word.whole, "is no time");
  fault.kind = RequestFault::Kind::latency;
  fault.shortest = first->nanoseconds;
  fault.longest = last->nanoseconds;
  return {};
}

Status read_rate(const Word& word, RequestFault& fault) {
  std::string_view digits = word.value;
  bool percent = digits.ends_with('%');
  if (percent) digits.remove_suffix(1);
  auto rate = read_number<double>(digits);
  constexpr double hundred = 100;
  fault.rate = rate.value_or(-1) / (percent ? hundred : 1);
  if (!rate || !(fault.rate > 0 && fault.rate <= 1)) return wrong(word.whole, "is no share of the requests");
  return {};
}

Status read_methods(const Word& word, RequestFault& fault) {
  for (std::string_view method : split(word.value, ',')) {
    if (std::ranges::find(methods, method) == methods.end()) return wrong(word.whole, "names no method");
    fault.methods.emplace_back(method);
  }
  return fault.methods.empty() ? Status(wrong(word.whole, "names no method")) : Status();
}

Status read_condition(const Word& word, RequestFault& fault) {
  if (word.key == "rate") return read_rate(word, fault);
  if (word.key == "method") return read_methods(word, fault);
  if (word.key == "path" && (word.value.starts_with('/') || word.value.starts_with('*'))) {
    fault.path = word.value;
    return {};
  }
  if (word.key == "times") {
    fault.times = read_number<std::uint64_t>(word.value);
    return fault.times ? Status() : Status(wrong(word.whole, "is no number"));
  }
  bool may_wait = fault.status == 429 || fault.status == 503;
  if (word.key == "retry-after" && may_wait) {
    constexpr std::int64_t second = 1'000'000'000;
    auto time = Duration::parse(word.value);
    if (!time || time->nanoseconds < 0 || time->nanoseconds % second != 0)
      return wrong(word.whole, "is no number of seconds");
    fault.retry_after = time->nanoseconds / second;
    return {};
  }
  return wrong(word.whole, "is not understood there");
}

/// True if the word begins a fault of requests.
Result<bool> begins_request(const Word& word, RequestFault& fault) {
  if (word.key == "latency") {
    CARBON_CHECK(read_latency(word, fault));
    return true;
  }
  if (word.whole == "lost") {
    fault.kind = RequestFault::Kind::lost;
    return true;
  }
  fault.status = read_number<int>(word.whole).value_or(0);
  fault.kind = RequestFault::Kind::status;
  return std::ranges::find(statuses, fault.status) != statuses.end();
}

bool begins_pod(const Word& word) {
  return std::ranges::find(pod_faults, word.whole) != pod_faults.end() ||
         (word.key == "slow" && Duration::parse(word.value));
}

Result<PodFault> read_pod(const std::vector<std::string_view>& words) {
  PodFault fault{std::string(words[0]), {}, {}};
  for (std::size_t i = 1; i < words.size(); ++i) {
    Word word(words[i]);
    bool known = (word.key == "image" || word.key == "name") && !word.value.empty();
    if (!known) return wrong(words[i], "is not understood there");
    (word.key == "image" ? fault.image : fault.name) = word.value;
  }
  if (fault.image.empty() && fault.name.empty())
    return wrong(words[0], "says neither by `image=` nor by `name=` which pods it is about");
  return fault;
}

ApiResponse answer_of(const RequestFault& fault) {
  ApiResponse response;
  if (fault.status == 429) {
    response.status = fault.status;
    response.content_type = "text/plain; charset=utf-8";
    response.body = "Too many requests, please try again later.\n";
  } else {
    struct Row {
      int status;
      std::string_view reason;
      std::string_view message;
    };
    static constexpr std::array<Row, 3> rows{{
        {500, "InternalError", "Internal error occurred: a fault on request"},
        {503, "ServiceUnavailable", "the server is currently unable to handle the request"},
        {504, "Timeout", "Timeout: request did not complete within the allotted timeout"},
    }};
    const Row& row = *std::ranges::find(rows, fault.status, &Row::status);
    ApiStatus status;
    status.code = row.status;
    status.reason = row.reason;
    status.message = row.message;
    response = status_response(status);
  }
  if (fault.status == 429 || fault.status == 503)
    response.headers.emplace_back("Retry-After", std::to_string(fault.retry_after));
  return response;
}

bool is_about(const RequestFault& fault, const ApiRequest& request) {
  bool method =
      fault.methods.empty() || std::ranges::find(fault.methods, request.method) != fault.methods.end();
  return method && (fault.path.empty() || fits_pattern(fault.path, request.path));
}

}  // namespace

Result<FaultSpec> FaultSpec::parse(std::string_view text) {
  FaultSpec spec;
  for (std::string_view part : split(text, ';')) {
    std::vector<std::string_view> words = split(part, ' ');
    if (words.empty()) continue;
    Word first(words[0]);
    RequestFault fault;
    if (first.key == "seed") {
      auto seed = read_number<std::uint64_t>(first.value);
      if (!seed || words.size() > 1) return wrong(part, "is no seed");
      spec.seed = *seed;
    } else if (begins_pod(first)) {
      spec.pods.push_back(CARBON_TRY(read_pod(words)));
    } else if (CARBON_TRY(begins_request(first, fault))) {
      for (std::size_t i = 1; i < words.size(); ++i) CARBON_CHECK(read_condition(Word(words[i]), fault));
      spec.requests.push_back(std::move(fault));
    } else {
      return wrong(words[0], "is no fault");
    }
  }
  if (spec.requests.empty() && spec.pods.empty()) return wrong(text, "names no fault");
  return spec;
}

RequestFaults::Verdict RequestFaults::judge(const ApiRequest& request) {
  Verdict verdict;
  std::lock_guard guard(lock_);
  for (std::size_t i = 0; i < faults_.size(); ++i) {
    const RequestFault& fault = faults_[i];
    if (verdict.instead || !is_about(fault, request) || (fault.times && hits_[i] >= *fault.times)) continue;
    if (std::uniform_real_distribution<double>(0, 1)(dice_) >= fault.rate) continue;
    ++hits_[i];
    switch (fault.kind) {
      case RequestFault::Kind::latency:
        verdict.delay += std::uniform_int_distribution<std::int64_t>(fault.shortest, fault.longest)(dice_);
        break;
      case RequestFault::Kind::status: verdict.instead = answer_of(fault); break;
      case RequestFault::Kind::lost: verdict.lose_reply = true; break;
    }
  }
  return verdict;
}

}  // namespace carbon::sandbox
