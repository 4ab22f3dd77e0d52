#include "tests/unit/platform/sandbox/kubernetes/recorded_exchange.h"

#include <fmt/format.h>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include "base/base64.h"
#include "base/value_json.h"

namespace carbon::sandbox {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string take_line(std::string_view& text) {
  std::size_t end = std::min(text.find('\n'), text.size());
  std::string line(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

void take_headers(std::string_view& text,
                  const std::function<void(const std::string&, const std::string&)>& each) {
  for (std::string line = take_line(text); !line.empty(); line = take_line(text)) {
    std::size_t colon = line.find(": ");
    if (colon != std::string::npos) each(line.substr(0, colon), line.substr(colon + 2));
  }
}

RecordedExchange read_one(const std::filesystem::path& path) {
  RecordedExchange exchange;
  exchange.name = path.stem().string();
  std::string all = content_of(path);
  std::size_t reply_at = all.find("\nHTTP/1.1 ") + 1;
  std::string_view head = std::string_view(all).substr(0, reply_at);
  std::string_view reply = std::string_view(all).substr(reply_at);
  std::string line = take_line(head);
  line = take_line(head);
  exchange.method = line.substr(0, line.find(' '));
  exchange.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
  take_headers(head, [&](const std::string& name, const std::string& value) {
    if (name == "Content-Type") exchange.content_type = value;
    if (name == "Accept") exchange.accept = value;
    exchange.headers.emplace_back(name, value);
  });
  exchange.body = head;
  while (exchange.body.ends_with('\n')) exchange.body.pop_back();
  exchange.status = std::stoi(take_line(reply).substr(9));
  take_headers(reply, [&](const std::string& name, const std::string& value) {
    if (name == "Content-Type") exchange.reply_type = value;
    if (name == "Warning") exchange.warnings.push_back(value);
  });
  exchange.reply = reply;
  return exchange;
}

/// The kinds were all created before any was looked at again; one watch was tried before the kinds. Parts
/// whose names begin with a letter came last.
std::string order_key(const std::string& name) {
  if (name.front() > '9') return name;
  int number = std::stoi(name);
  if (name.starts_with("900-")) return "622-z" + name;
  bool late = number >= 800 && number < 850 && name.find("-ssa-create") == std::string::npos;
  return late ? "859-z" + name : name;
}

bool is_identity(std::string_view name) {
  return name == "uid" || name == "resourceVersion" || name == "continue";
}

}  // namespace

std::vector<RecordedExchange> read_recordings(const std::string& folder) {
  std::vector<RecordedExchange> exchanges;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".http") exchanges.push_back(read_one(entry.path()));
  }
  std::ranges::sort(exchanges, {}, [](const RecordedExchange& e) { return order_key(e.name); });
  return exchanges;
}

void Renaming::learn(const std::string& recorded, const std::string& ours) {
  if (recorded.size() > 2 && recorded != ours) names_[recorded] = ours;
}

void Renaming::learn(const Value& recorded, const Value& ours) {
  if (recorded.is_sequence() && ours.is_sequence()) {
    for (std::size_t i = 0; i < std::min(recorded.items().size(), ours.items().size()); ++i)
      learn(recorded.items()[i], ours.items()[i]);
  }
  if (!recorded.is_fields() || !ours.is_fields()) return;
  for (const Entry& entry : recorded.entries()) {
    const Value* other = ours.find(entry.key.text());
    if (other == nullptr) continue;
    bool texts = entry.value.is_string() && other->is_string();
    if (texts && is_identity(entry.key.text())) {
      learn(std::string(entry.value.text()), std::string(other->text()));
    } else {
      learn(entry.value, *other);
    }
  }
}

std::string Renaming::applied(std::string text) const {
  // Versions stand in quotes, or behind an equals sign in a query; uids and tokens are unlike anything else.
  for (const auto& [from, to] : names_) {
    bool number = from.find_first_not_of("0123456789") == std::string::npos;
    for (const auto& [before, after] : {std::pair("\"", "\""), std::pair("=", "&"), std::pair("=", "")}) {
      std::string wanted = number ? before + from + after : from;
      std::string made = number ? before + to + after : to;
      for (std::size_t at = text.find(wanted); at != std::string::npos;
           at = text.find(wanted, at + made.size())) {
        bool cut = number && *after == '\0' && at + wanted.size() != text.size();
        if (!cut) text.replace(at, wanted.size(), made);
      }
      if (!number) break;
    }
  }
  return text;
}

namespace {

std::string token_start(std::string_view token) {
  std::string padded(token);
  std::ranges::replace(padded, '-', '+');
  std::ranges::replace(padded, '_', '/');
  while (padded.size() % 4 != 0) padded.push_back('=');
  auto json = base64_decode(padded);
  auto value = parse_json(json.value_or("{}"));
  const Value* start = value ? value->find("start") : nullptr;
  return start == nullptr ? "(no token)" : std::string(start->text());
}

std::string normalised_text(std::string_view text) {
  static const std::regex uid("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  static const std::regex time("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");
  static const std::regex address("^10\\.(0|96)\\.[0-9]+\\.[0-9]+$");
  static const std::regex version(
      "(ResourceVersion in (the precondition|record)|resource version:) \\(?[0-9]+\\)?");
  static const std::regex current("(current: [0-9]+)|( \\([0-9]+\\)$)");
  std::string out = std::regex_replace(std::string(text), uid, "(uid)");
  out = std::regex_replace(out, time, "(time)");
  out = std::regex_replace(out, address, "(address)");
  out = std::regex_replace(out, version, "$1 (version)");
  return std::regex_replace(out, current, "(version)");
}

Value normalised_field(std::string_view name, const Value& value) {
  if (value.is_string()) {
    if (name == "resourceVersion" || name == "ca.crt" || name == "token") return Value::string("(made)");
    if (name == "continue") return Value::string(token_start(value.text()));
    if (name == "name" && value.text().starts_with("some-")) return Value::string("some-(generated)");
  }
  if (name == "nodePort" && value.kind() == ValueKind::integer) return Value::string("(port)");
  return normalised(value);
}

void compare_into(const Value& recorded, const Value& ours, const std::string& path,
                  std::vector<std::string>& into) {
  if (recorded == ours) return;
  if (recorded.is_fields() && ours.is_fields()) {
    for (const Entry& entry : recorded.entries()) {
      const Value* other = ours.find(entry.key.text());
      std::string below = fmt::format("{}.{}", path, entry.key.text());
      if (other == nullptr) {
        into.push_back(fmt::format("{}: {}, ours has none", below, to_json(entry.value)));
      } else {
        compare_into(entry.value, *other, below, into);
      }
    }
    for (const Entry& entry : ours.entries()) {
      if (recorded.find(entry.key.text()) == nullptr) {
        into.push_back(fmt::format("{}.{}: none, ours {}", path, entry.key.text(), to_json(entry.value)));
      }
    }
    return;
  }
  bool lists = recorded.is_sequence() && ours.is_sequence() && recorded.items().size() == ours.items().size();
  if (!lists) {
    into.push_back(fmt::format("{}: {}, ours {}", path, to_json(recorded), to_json(ours)));
    return;
  }
  for (std::size_t i = 0; i < recorded.items().size(); ++i) {
    compare_into(recorded.items()[i], ours.items()[i], fmt::format("{}[{}]", path, i), into);
  }
}

}  // namespace

Value normalised(const Value& reply) {
  if (reply.is_string()) return Value::string(normalised_text(reply.text()));
  if (reply.is_sequence()) {
    std::vector<Value> items;
    for (const Value& item : reply.items()) items.push_back(normalised(item));
    return Value::list(std::move(items));
  }
  if (!reply.is_fields()) return reply;
  std::vector<Entry> out;
  for (const Entry& entry : reply.entries()) {
    out.push_back(
        {Value::string(normalised_text(entry.key.text())), normalised_field(entry.key.text(), entry.value)});
  }
  return Value::map(std::move(out));
}

std::vector<std::string> differences(const Value& recorded, const Value& ours) {
  std::vector<std::string> found;
  compare_into(recorded, ours, {}, found);
  return found;
}

}  // namespace carbon::sandbox
