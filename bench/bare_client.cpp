// The limit that P6 and P7 are held against: a program that sends the same requests over the same transport
// and does nothing else. It neither parses nor keeps what comes, but for the token of the next page.
//   bench-bare read SERVER CA TOKEN PATH...          LISTs each path page by page, all paths at once
//   bench-bare write SERVER CA TOKEN WINDOW < LINES  METHOD TAB TARGET TAB CONTENT-TYPE TAB BODY, WINDOW at a
//   time
// CA and TOKEN are files.

#include <fmt/core.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/percent_encoding.h"
#include "base/task_group.h"
#include "platform/io/network_driver.h"

using namespace carbon;

namespace {

constexpr int page_size = 500;

std::string content_of(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string content = text.str();
  while (content.ends_with('\n')) content.pop_back();
  return content;
}

/// The text of `"name":"…"`, without unescaping: tokens and versions have nothing to escape.
std::string_view text_of(std::string_view json, std::string_view name) {
  std::string key = fmt::format("\"{}\":\"", name);
  std::size_t at = json.find(key);
  if (at == std::string_view::npos) return {};
  json.remove_prefix(at + key.size());
  return json.substr(0, json.find('"'));
}

struct Totals {
  std::size_t requests = 0;
  std::size_t failed = 0;
  std::size_t bytes = 0;

  void count(const HttpReply& reply) {
    ++requests;
    bytes += reply.body.size();
    if (reply.status < 200 || reply.status > 299) {
      if (failed++ == 0)
        fmt::print(stderr, "{} {}{}\n", reply.status, reply.failure, reply.body.substr(0, 300));
    }
  }
};

class Bare {
 public:
  Bare(char** arguments) {
    endpoint_.name = endpoint_.base = arguments[0];
    endpoint_.ca_pem = content_of(arguments[1]) + "\n";
    endpoint_.bearer_token = content_of(arguments[2]);
  }

  Task<void> read_all(std::vector<std::string> paths) {
    TaskGroup group;
    for (const std::string& path : paths) group.spawn(read(path));
    auto ended = group.all();
    co_await ended;
  }

  Task<void> write_all(std::size_t window) {
    for (std::string line; std::getline(std::cin, line);) lines_.push_back(std::move(line));
    TaskGroup group;
    for (std::size_t i = 0; i < window; ++i) group.spawn(write_some());
    auto ended = group.all();
    co_await ended;
  }

  NetworkDriver driver;
  Totals totals;

 private:
  Task<void> read(std::string path) {
    std::string token;
    do {
      HttpRequest request;
      request.method = "GET";
      request.target = fmt::format("{}?limit={}", path, page_size);
      if (!token.empty()) request.target += "&continue=" + percent_encoded(token);
      request.headers.push_back({"Accept", "application/json"});
      auto asking = driver.http(endpoint_, std::move(request));
      HttpReply reply = co_await asking;
      totals.count(reply);
      // A list says its token in the metadata, before any item.
      token = text_of(std::string_view(reply.body).substr(0, 1000), "continue");
    } while (!token.empty());
  }

  Task<void> write_some() {
    while (next_ < lines_.size()) {
      std::string line = std::move(lines_[next_++]);
      std::vector<std::string> words;
      std::size_t at = 0;
      for (int i = 0; i < 3; ++i) {
        std::size_t tab = line.find('\t', at);
        words.push_back(line.substr(at, tab - at));
        at = tab + 1;
      }
      HttpRequest request;
      request.method = words[0];
      request.target = words[1];
      request.headers.push_back({"Content-Type", words[2]});
      request.body = line.substr(at);
      auto asking = driver.http(endpoint_, std::move(request));
      HttpReply reply = co_await asking;
      totals.count(reply);
    }
  }

  HttpEndpoint endpoint_;
  std::vector<std::string> lines_;
  std::size_t next_ = 0;
};

}  // namespace

int main(int count, char** arguments) {
  std::string_view verb = count > 5 ? arguments[1] : "";
  if (verb != "read" && verb != "write") return 2;
  Bare bare(arguments + 2);
  Task<void> work = verb == "read" ? bare.read_all({arguments + 5, arguments + count})
                                   : bare.write_all(std::strtoul(arguments[5], nullptr, 10));
  bare.driver.run(work);
  fmt::print("{} requests, {} bytes, {} failed\n", bare.totals.requests, bare.totals.bytes,
             bare.totals.failed);
  return bare.totals.failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
