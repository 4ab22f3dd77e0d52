#include "engine/ports/io.h"

#include <algorithm>

namespace carbon {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace

const std::string* HttpReply::header(std::string_view name) const {
  for (const Header& each : headers) {
    if (same_name(each.name, name)) return &each.value;
  }
  return nullptr;
}

void Io::start_process(ProcessRequest, Done<ProcessReply> done) {
  start_sleep(Duration{0}, [done = std::move(done)] {
    ProcessReply reply;
    reply.ended = ProcessReply::Ended::not_started;
    reply.failure = "no programs are run here";
    done(std::move(reply));
  });
}

}  // namespace carbon
