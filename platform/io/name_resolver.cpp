#include "platform/io/name_resolver.h"

#include <netdb.h>
#include <sys/socket.h>

#include <array>

namespace carbon {

namespace {

NameResolver::Answer look_up(const std::string& host) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  NameResolver::Answer answer;
  if (int error = getaddrinfo(host.c_str(), nullptr, &hints, &found); error != 0) {
    answer.failure = "could not resolve `" + host + "`: " + gai_strerror(error);
    return answer;
  }
  for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(each->ai_addr, each->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) ==
        0)
      answer.addresses.emplace_back(text.data());
  }
  freeaddrinfo(found);
  if (answer.addresses.empty()) answer.failure = "`" + host + "` has no address";
  return answer;
}

}  // namespace

NameResolver::~NameResolver() {
  for (std::thread& thread : threads_) thread.join();
}

void NameResolver::resolve(std::string host, std::function<void(Answer)> done) {
  threads_.emplace_back([post = post_, host = std::move(host), done = std::move(done)] {
    Answer answer = look_up(host);
    post([done, answer] { done(answer); });
  });
}

}  // namespace carbon
