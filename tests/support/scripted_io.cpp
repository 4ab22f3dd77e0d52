#include "tests/support/scripted_io.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace carbon::test {

namespace {

std::string recorded_text(std::string_view number) {
  for (const auto& entry : std::filesystem::directory_iterator(CARBON_SOURCE_ROOT "/tests/real/recorded")) {
    if (!entry.path().filename().string().starts_with(number)) continue;
    std::ifstream file(entry.path());
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  std::abort();  // a test that names no exchange is wrong
}

}  // namespace

HttpReply recorded_reply(std::string_view number) {
  std::string text = recorded_text(number);
  auto start = text.find("\nHTTP/1.1 ");
  if (start == std::string::npos) std::abort();
  std::istringstream lines(text.substr(start + 1));
  HttpReply reply;
  reply.sent = true;
  std::string line;
  std::getline(lines, line);
  reply.status = std::stoi(line.substr(9));
  while (std::getline(lines, line) && !line.empty()) {
    auto colon = line.find(": ");
    reply.headers.push_back({line.substr(0, colon), line.substr(colon + 2)});
  }
  std::ostringstream body;
  body << lines.rdbuf();
  reply.body = body.str();
  return reply;
}

HttpReply json_reply(int status, std::string body) {
  HttpReply reply;
  reply.status = status;
  reply.sent = true;
  reply.headers.push_back({"Content-Type", "application/json"});
  reply.body = std::move(body);
  return reply;
}

}  // namespace carbon::test
