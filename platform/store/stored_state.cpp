#include "platform/store/stored_state.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_set>

#include "base/value_json.h"
#include "platform/store/compressed.h"
#include "platform/store/journal_code.h"

namespace carbon {

namespace {

/// The first byte of a chunk: where in its record it stands.
constexpr char whole_record = '.', first_chunk = '<', middle_chunk = '-', last_chunk = '>';

tl::unexpected<Error> no_record(std::string_view why) {
  return fail(DiagnosticCode::inventory_damaged, fmt::format("a record cannot be read: {}", why));
}

/// `["a","b"]`, of texts.
template <class Range, class Text>
std::string json_list(const Range& range, const Text& text) {
  std::string out = "[";
  for (const auto& item : range) {
    if (out.size() > 1) out += ",";
    out += text(item);
  }
  return out + "]";
}

std::string entries_json(const std::vector<InventoryEntry>& entries) {
  return json_list(entries, [](const InventoryEntry& entry) {
    return fmt::format("[{},{}]", json_quote(entry.address), json_quote(encode_entry(entry)));
  });
}

std::string events_json(const std::vector<JournalEvent>& events) {
  return json_list(events, [](const JournalEvent& event) {
    return fmt::format("[{},{},{},{},{},{},{},{}]", json_quote(event.run), json_quote(kind_name(event.kind)),
                       json_quote(event.address), json_quote(event.operation), json_quote(event.token),
                       json_quote(event.uid), json_quote(event.detail), event.wall_clock);
  });
}

std::string pair_json(const std::pair<std::string, std::string>& pair) {
  return fmt::format("[{},{}]", json_quote(pair.first), json_quote(pair.second));
}

Result<std::pair<std::string, std::string>> read_pair(const Value& json) {
  bool fits = json.kind() == ValueKind::list && json.items().size() == 2 && json.items()[0].is_string() &&
              json.items()[1].is_string();
  if (!fits) return no_record("not two texts");
  return std::pair(std::string(json.items()[0].text()), std::string(json.items()[1].text()));
}

Result<JournalEvent> read_event(const Value& json) {
  constexpr std::size_t texts = 7;
  bool fits = json.kind() == ValueKind::list && json.items().size() == texts + 1 &&
              json.items()[texts].kind() == ValueKind::integer &&
              std::all_of(json.items().begin(), json.items().begin() + texts,
                          [](const Value& each) { return each.is_string(); });
  if (!fits) return no_record("an event of another form");
  auto text = [&](std::size_t index) { return std::string(json.items()[index].text()); };
  JournalEvent event;
  event.run = text(0);
  event.kind = CARBON_TRY(kind_from(json.items()[1].text()));
  event.address = text(2);
  event.operation = text(3);
  event.token = text(4);
  event.uid = text(5);
  event.detail = text(6);
  event.wall_clock = json.items()[texts].as_int();
  return event;
}

}  // namespace

Status StoredState::add_events(const Value& events) {
  if (events.kind() != ValueKind::list) return no_record("events of another form");
  for (const Value& json : events.items()) {
    JournalEvent event = CARBON_TRY(read_event(json));
    event.sequence = ++sequence_;
    events_.push_back(std::move(event));
  }
  return {};
}

Status StoredState::add_entries(const Value& entries) {
  if (entries.kind() != ValueKind::list) return no_record("entries of another form");
  for (const Value& json : entries.items()) {
    auto [address, entry] = CARBON_TRY(read_pair(json));
    entries_[std::move(address)] = std::move(entry);
  }
  return {};
}

Status StoredState::add_snapshot(const Value& record) {
  const Value* generation = record.find("generation");
  const Value* used = record.find("used");
  const Value* entries = record.find("entries");
  const Value* events = record.find("events");
  bool whole = generation != nullptr && generation->kind() == ValueKind::integer && used != nullptr &&
               used->kind() == ValueKind::list && entries != nullptr && events != nullptr;
  if (!whole) return no_record("a snapshot that is not whole");
  *this = {};
  generation_ = static_cast<std::uint64_t>(generation->as_int());
  for (const Value& pair : used->items()) used_.insert(CARBON_TRY(read_pair(pair)));
  if (const Value* plan = record.find("plan")) kept_plan_ = CARBON_TRY(read_pair(*plan));
  CARBON_CHECK(add_entries(*entries));
  return add_events(*events);
}

Status StoredState::change(const Value& put, const Value& remove) {
  if (remove.kind() != ValueKind::list) return no_record("addresses of another form");
  CARBON_CHECK(add_entries(put));
  for (const Value& address : remove.items()) {
    if (!address.is_string()) return no_record("an address of another form");
    entries_.erase(std::string(address.text()));
  }
  ++generation_;
  return {};
}

Status StoredState::apply(std::string_view record) {
  Value json = CARBON_TRY(parse_json(record));
  if (json.find("generation") != nullptr) return add_snapshot(json);
  const Value* events = json.find("events");
  const Value* used = json.find("used");
  const Value* plan = json.find("plan");
  const Value* put = json.find("put");
  const Value* remove = json.find("remove");
  bool changes = put != nullptr && remove != nullptr;
  if (!changes && events == nullptr && used == nullptr && plan == nullptr)
    return no_record("it says nothing known");
  if (changes) CARBON_CHECK(change(*put, *remove));
  if (events != nullptr) CARBON_CHECK(add_events(*events));
  if (used != nullptr) used_.insert(CARBON_TRY(read_pair(*used)));
  if (plan != nullptr) kept_plan_ = CARBON_TRY(read_pair(*plan));
  return {};
}

std::string StoredState::change_record(const std::vector<InventoryEntry>& put,
                                       const std::vector<Address>& remove,
                                       const std::vector<JournalEvent>& events) {
  std::string addresses = json_list(remove, [](const Address& address) { return json_quote(address); });
  std::string with = events.empty() ? "" : ",\"events\":" + events_json(events);
  return fmt::format(R"({{"put":{},"remove":{}{}}})", entries_json(put), addresses, with);
}

std::string StoredState::events_record(const std::vector<JournalEvent>& events) {
  return fmt::format(R"({{"events":{}}})", events_json(events));
}

std::string StoredState::used_record(const std::string& plan, const std::string& nonce) {
  return fmt::format(R"({{"used":{}}})", pair_json({plan, nonce}));
}

std::string StoredState::plan_record(const std::string& run, const std::string& plan) {
  return fmt::format(R"({{"plan":{}}})", pair_json({run, plan}));
}

std::string StoredState::snapshot_record(const StoreContent& content) {
  std::string plan = content.kept_plan.first.empty() ? "" : ",\"plan\":" + pair_json(content.kept_plan);
  return fmt::format(R"({{"generation":{},"entries":{},"events":{},"used":{}{}}})", content.generation,
                     entries_json(content.entries), events_json(content.events),
                     json_list(content.used_plans, pair_json), plan);
}

void StoredState::forget_runs(std::size_t most) {
  std::vector<std::string_view> runs;  // in the order of their begin
  std::unordered_set<std::string_view> ended;
  for (const JournalEvent& event : events_) {
    if (event.kind == JournalKind::begin) runs.push_back(event.run);
    if (event.kind == JournalKind::end) ended.insert(event.run);
  }
  std::unordered_set<std::string> forgotten;
  for (std::size_t i = 0; i + most < runs.size() && ended.contains(runs[i]); ++i) forgotten.emplace(runs[i]);
  std::erase_if(events_, [&](const JournalEvent& event) { return forgotten.contains(event.run); });
}

std::vector<JournalEvent> StoredState::unfinished() const {
  std::unordered_set<std::string_view> ended;
  for (const JournalEvent& event : events_) {
    if (event.kind == JournalKind::end) ended.insert(event.run);
  }
  auto open = std::find_if(events_.begin(), events_.end(), [&](const JournalEvent& event) {
    return event.kind == JournalKind::begin && !ended.contains(event.run);
  });
  return {open, events_.end()};
}

bool StoredState::intended(std::string_view token) const {
  bool found = false;
  for (const JournalEvent& event : events_) {
    if (event.token != token) continue;
    bool outcome = event.kind == JournalKind::result || event.kind == JournalKind::resolved;
    if (outcome && event.detail == "done") return false;
    found = found || event.kind == JournalKind::intent;
  }
  return found;
}

Result<StoreContent> StoredState::content() const {
  StoreContent content;
  content.generation = generation_;
  EntryDecoder decoder;
  for (const auto& [address, text] : entries_) content.entries.push_back(CARBON_TRY(decoder.decode(text)));
  content.events = events_;
  content.used_plans.assign(used_.begin(), used_.end());
  content.kept_plan = kept_plan_;
  return content;
}

std::vector<std::string> chunks_of(std::string_view record, std::size_t most) {
  std::string bytes = compressed(record);
  std::size_t room = most - 1;
  std::vector<std::string> chunks;
  for (std::size_t at = 0; at < bytes.size(); at += room) {
    bool last = at + room >= bytes.size();
    char place = at == 0 ? (last ? whole_record : first_chunk) : (last ? last_chunk : middle_chunk);
    chunks.push_back(place + bytes.substr(at, room));
  }
  return chunks;
}

Result<std::string> ChunkReader::add(std::string_view chunk) {
  char place = chunk.empty() ? '\0' : chunk.front();
  bool begins = place == whole_record || place == first_chunk;
  bool goes_on = place == middle_chunk || place == last_chunk;
  if (!begins && !(goes_on && !begun_.empty())) return no_record("a chunk of nothing that was begun");
  // What was begun before and never ended was never acknowledged.
  if (begins) begun_.clear();
  begun_ += chunk.substr(1);
  if (place == first_chunk || place == middle_chunk) return std::string();
  return decompressed(std::exchange(begun_, {}));
}

}  // namespace carbon
