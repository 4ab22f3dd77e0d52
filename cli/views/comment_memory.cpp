#include "cli/views/comment_memory.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "base/value_document.h"
#include "base/value_json.h"

namespace carbon {

using document::field;
using document::list;
using document::text;

namespace {

constexpr std::string_view begin_mark = "<!-- carbon:changes 1 ";
constexpr std::string_view end_mark = " -->";
constexpr std::size_t address_digits = 12;
constexpr std::size_t change_digits = 8;

/// What a reviewer would have to look at again if it were another one.
std::string gist(const Change& change) {
  auto of_field = [](const FieldChange& one) {
    std::vector<Entry> out{field("path", text(one.path.text()))};
    if (!one.secret && one.before) out.push_back(field("before", *one.before));
    if (!one.secret && one.after) out.push_back(field("after", *one.after));
    return Value::record(std::move(out));
  };
  return encode_value(Value::record(
      {field("action", text(to_string(change.action))), field("type", text(change.type)),
       field("identity", text(change.identity_text)), field("because", text(to_string(change.because))),
       field("fields", list(change.fields, of_field))}));
}

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace

std::string remembered_address(std::string_view address, const TextDigest& digest) {
  return digest(address).substr(0, address_digits);
}

CommentMemory memory_of(const Plan& plan, const TextDigest& digest) {
  CommentMemory memory;
  if (plan.changes.size() > most_remembered) return memory;
  memory.complete = true;
  for (const Change& change : plan.changes)
    memory.changes.emplace(remembered_address(change.address, digest),
                           digest(gist(change)).substr(0, change_digits));
  return memory;
}

std::string encode_memory(const CommentMemory& memory) {
  std::string out(begin_mark);
  if (!memory.complete) return out + "too many" + std::string(end_mark);
  out += "all";
  for (const auto& [address, change] : memory.changes) out += fmt::format(" {}{}", address, change);
  return out + std::string(end_mark);
}

CommentMemory decode_memory(std::string_view comment) {
  std::size_t begin = comment.find(begin_mark);
  if (begin == std::string_view::npos) return {};
  comment.remove_prefix(begin + begin_mark.size());
  std::size_t end = std::min(comment.find(end_mark), comment.find('\n'));
  if (end == std::string_view::npos || comment.substr(end, end_mark.size()) != end_mark) return {};
  std::string_view line = comment.substr(0, end);
  if (!line.starts_with("all")) return {};
  line.remove_prefix(3);
  CommentMemory memory;
  constexpr std::size_t digits = address_digits + change_digits;
  while (!line.empty()) {
    if (line.size() < digits + 1 || line.front() != ' ' || !is_hex(line.substr(1, digits))) return {};
    memory.changes.emplace(line.substr(1, address_digits), line.substr(1 + address_digits, change_digits));
    line.remove_prefix(digits + 1);
  }
  memory.complete = true;
  return memory;
}

}  // namespace carbon
