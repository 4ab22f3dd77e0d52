#include "platform/store/kubernetes_log.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/base64.h"
#include "base/value_json.h"
#include "platform/connectors/kubernetes/api_path.h"
#include "platform/store/lock_holder.h"

namespace carbon {

namespace {

constexpr const char* format_version = "1";
constexpr std::size_t most_chunk = 192 << 10;
constexpr std::size_t most_part = 384 << 10;  ///< of the log, before the next one is begun
constexpr std::size_t chunks_of_snapshot_part = 4;
constexpr std::uint64_t long_log_parts = 4;
constexpr std::size_t long_log_bytes = 512 << 10;
constexpr std::size_t most_runs = 1000;
constexpr int most_attempts = 10;  ///< each is lost to a holder that ends by it

std::uint64_t number_in(const std::map<std::string, std::string>& data, const std::string& name,
                        std::uint64_t otherwise) {
  auto found = data.find(name);
  return found == data.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
}

std::string text_in(const std::map<std::string, std::string>& data, const std::string& name) {
  auto found = data.find(name);
  return found == data.end() ? std::string() : found->second;
}

std::map<std::string, std::string> texts_of(const Value* map) {
  std::map<std::string, std::string> out;
  if (map == nullptr) return out;
  for (const Entry& entry : map->entries()) {
    if (entry.value.is_string()) out.emplace(entry.key.text(), entry.value.text());
  }
  return out;
}

std::string version_of(const Value& object) {
  const Value* metadata = object.find("metadata");
  const Value* version = metadata == nullptr ? nullptr : metadata->find("resourceVersion");
  return version != nullptr && version->is_string() ? std::string(version->text()) : std::string();
}

std::string chunk_key(std::uint64_t number) { return fmt::format("{:06}", number); }

std::string chunk_entry(std::uint64_t number, const std::string& chunk) {
  return fmt::format(R"("{}":"{}")", chunk_key(number), base64_encode(chunk));
}

}  // namespace

std::string KubernetesLog::log_name(std::uint64_t number) const {
  return fmt::format("carbon-{}-log-{}", key_, number);
}

Error KubernetesLog::lost() const {
  return lock_lost_error(session_.cluster().place() + ", Lease carbon-" + key_);
}

tl::unexpected<Error> KubernetesLog::damaged(const std::string& what) const {
  return fail(Error(DiagnosticCode::inventory_damaged,
                    fmt::format("the inventory in {} is damaged: {}", session_.cluster().place(), what))
                  .help("put back the ConfigMaps with the label `" + std::string(inventory_label) + "=" +
                        key_ + "` from a backup of one moment; nothing that they name is changed or deleted")
                  .help("without one, `carbon inventory rebuild` finds what carries carbon's marks"));
}

Result<bool> KubernetesLog::written(const HttpReply& reply, std::string& version) {
  if (reply.status == 409) return false;
  auto json = parse_json(reply.body);
  if ((reply.status != 200 && reply.status != 201) || !json) return fail(session_.failure(reply));
  version = version_of(*json);
  return true;
}

Result<bool> KubernetesLog::create(const std::string& name, const std::string& data,
                                   const std::string& binary, std::string& version) {
  names_.push_back(name);
  return written(
      session_.write(
          "POST", session_.configmaps(),
          fmt::format(
              R"({{"apiVersion":"v1","kind":"ConfigMap","metadata":{{"name":"{}","labels":{{"{}":"{}","app.kubernetes.io/managed-by":"carbon"}}}},"data":{{{}}},"binaryData":{{{}}}}})",
              name, inventory_label, key_, data, binary)),
      version);
}

Result<std::vector<KubernetesLog::Part>> KubernetesLog::list() {
  std::vector<Part> parts;
  std::string more;
  do {
    HttpReply reply = session_.read(fmt::format("{}?labelSelector={}%3D{}&limit=100{}", session_.configmaps(),
                                                "carbon.dev%2Finventory", key_, more));
    auto json = parse_json(reply.body);
    if (reply.status != 200 || !json) return fail(session_.failure(reply));
    const Value* items = json->find("items");
    if (items == nullptr || items->kind() != ValueKind::list) return damaged("its list is none");
    for (const Value& item : items->items()) {
      const Value* metadata = item.find("metadata");
      Part part;
      part.name = metadata == nullptr ? "" : text_in(texts_of(metadata), "name");
      part.version = version_of(item);
      part.data = texts_of(item.find("data"));
      for (auto& [name, text] : texts_of(item.find("binaryData"))) {
        auto bytes = base64_decode(text);
        if (!bytes) return damaged(fmt::format("`{}` of ConfigMap {} is no base64", name, part.name));
        part.chunks.emplace(name, std::move(*bytes));
      }
      parts.push_back(std::move(part));
    }
    const Value* metadata = json->find("metadata");
    std::string token = metadata == nullptr ? "" : text_in(texts_of(metadata), "continue");
    more = token.empty() ? "" : "&continue=" + percent_encode(token);
  } while (!more.empty());
  return parts;
}

Status KubernetesLog::read() { return understand(CARBON_TRY(list())); }

Status KubernetesLog::understand(std::vector<Part> parts) {
  state_ = {};
  names_.clear();
  head_there_ = false;
  std::map<std::string, const Part*> by_name;
  std::map<std::uint64_t, const Part*> logs;
  std::string prefix = log_name(0);
  prefix.pop_back();
  for (const Part& part : parts) {
    by_name.emplace(part.name, &part);
    if (part.name.starts_with(prefix))
      logs.emplace(std::strtoull(part.name.c_str() + prefix.size(), nullptr, 10), &part);
    if (part.name != "carbon-" + key_) names_.push_back(part.name);
  }
  auto head = by_name.find("carbon-" + key_);
  if (head == by_name.end()) {
    // A first holder that ended before it made the head has written nothing.
    bool nothing = logs.size() == parts.size() &&
                   std::ranges::all_of(parts, [](const Part& part) { return part.chunks.empty(); });
    if (!nothing) return damaged("its head, ConfigMap carbon-" + key_ + ", is gone");
    first_log_ = 1;
    least_last_log_ = 0;
    return read_log(logs);
  }
  const auto& data = head->second->data;
  if (std::string format = text_in(data, "format"); format != format_version) {
    return fail(
        Error(DiagnosticCode::inventory_damaged,
              fmt::format("{} holds no inventory that this carbon can read", session_.cluster().place()))
            .note(fmt::format("its format is {}, and this carbon knows {}",
                              format.empty() ? "missing" : format, format_version))
            .help("use the carbon that wrote it; nothing that it names is changed or deleted"));
  }
  head_there_ = true;
  head_version_ = head->second->version;
  head_epoch_ = text_in(data, "epoch");
  moved_to_ = text_in(data, "moved_to");
  snapshot_ = text_in(data, "snapshot");
  snapshot_parts_ = number_in(data, "snapshot_parts", 0);
  first_log_ = number_in(data, "first_log", 1);
  least_last_log_ = number_in(data, "last_log", first_log_);
  CARBON_CHECK(read_snapshot(by_name));
  return read_log(logs);
}

Status KubernetesLog::read_chunks(const Part& part, ChunkReader& reader) {
  std::uint64_t number = 0;
  for (const auto& [name, chunk] : part.chunks) {
    if (name != chunk_key(++number))
      return damaged(fmt::format("ConfigMap {} lacks `{}`", part.name, chunk_key(number)));
    auto record = reader.add(chunk);
    if (!record)
      return damaged(fmt::format("`{}` of ConfigMap {}: {}", name, part.name, record.error().message()));
    if (record->empty()) continue;
    if (Status applied = state_.apply(*record); !applied)
      return damaged(fmt::format("`{}` of ConfigMap {}: {}", name, part.name, applied.error().message()));
  }
  return {};
}

Status KubernetesLog::read_snapshot(const std::map<std::string, const Part*>& by_name) {
  ChunkReader reader;
  for (std::uint64_t i = 0; i < snapshot_parts_; ++i) {
    auto found = by_name.find(fmt::format("carbon-{}-snapshot-{}-{}", key_, snapshot_, i));
    if (found == by_name.end()) return damaged(fmt::format("part {} of snapshot {} is gone", i, snapshot_));
    CARBON_CHECK(read_chunks(*found->second, reader));
  }
  return {};
}

Status KubernetesLog::read_log(const std::map<std::uint64_t, const Part*>& parts) {
  ChunkReader reader;
  std::uint64_t expected = first_log_;
  log_bytes_ = last_bytes_ = 0;
  last_chunks_ = 0;
  for (auto at = parts.lower_bound(first_log_); at != parts.end(); ++at, ++expected) {
    if (at->first != expected) return damaged(fmt::format("part {} of the log is gone", expected));
    CARBON_CHECK(read_chunks(*at->second, reader));
    last_version_ = at->second->version;
    last_chunks_ = at->second->chunks.size();
    last_bytes_ = 0;
    for (const auto& [name, chunk] : at->second->chunks) last_bytes_ += chunk.size();
    log_bytes_ += last_bytes_;
  }
  last_log_ = expected - 1;
  if (last_log_ < least_last_log_) return damaged(fmt::format("part {} of the log is gone", expected));
  return {};
}

Result<bool> KubernetesLog::change(const std::string& name, std::string& version, const std::string& fields) {
  return written(session_.merge(path(name), fmt::format(R"({{"metadata":{{"resourceVersion":"{}"}},{}}})",
                                                        version, fields)),
                 version);
}

Result<bool> KubernetesLog::change_head(const std::string& fields) {
  return change("carbon-" + key_, head_version_, fmt::format(R"("data":{{{}}})", fields));
}

Result<bool> KubernetesLog::take_head() {
  if (!head_there_) return true;
  std::uint64_t there = std::strtoull(head_epoch_.c_str(), nullptr, 10);
  if (there > std::strtoull(epoch_.c_str(), nullptr, 10)) return fail(lost());
  return change_head(fmt::format(R"("epoch":"{}")", epoch_));
}

Result<bool> KubernetesLog::seal_last() {
  if (last_log_ < first_log_) return true;
  return change(log_name(last_log_), last_version_, fmt::format(R"("data":{{"sealed":"{}"}})", epoch_));
}

Result<bool> KubernetesLog::name_last() {
  if (head_there_) return change_head(fmt::format(R"("last_log":"{}")", last_log_));
  std::string fields = fmt::format(R"("format":"{}","epoch":"{}","first_log":"1","last_log":"{}")",
                                   format_version, epoch_, last_log_);
  head_there_ = CARBON_TRY(create("carbon-" + key_, fields, "", head_version_));
  return head_there_;
}

Result<bool> KubernetesLog::begin_part(std::uint64_t number, const std::string& chunk) {
  std::string version;
  bool made = CARBON_TRY(create(log_name(number), fmt::format(R"("epoch":"{}")", epoch_),
                                chunk.empty() ? "" : chunk_entry(1, chunk), version));
  if (!made) return false;
  last_log_ = number;
  last_version_ = std::move(version);
  last_chunks_ = chunk.empty() ? 0 : 1;
  last_bytes_ = chunk.size();
  log_bytes_ += chunk.size();
  return true;
}

Status KubernetesLog::take_part(const std::string& epoch) {
  epoch_ = epoch;
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    CARBON_CHECK(read());
    // The order is what keeps former holders out.
    if (!CARBON_TRY(take_head())) continue;
    if (!CARBON_TRY(seal_last())) continue;
    if (!CARBON_TRY(begin_part(last_log_ + 1, ""))) continue;
    if (CARBON_TRY(name_last())) return {};
  }
  return fail(lost());
}

Result<bool> KubernetesLog::landed(const std::string& chunk_name, const std::string& chunk) {
  HttpReply reply = session_.read(path(log_name(last_log_)));
  if (reply.status == 404) return false;
  auto json = parse_json(reply.body);
  if (reply.status != 200 || !json) return fail(session_.failure(reply));
  auto data = texts_of(json->find("data"));
  auto there = texts_of(json->find("binaryData"));
  bool ours =
      data["epoch"] == epoch_ && !data.contains("sealed") && there[chunk_name] == base64_encode(chunk);
  if (ours) last_version_ = version_of(*json);
  return ours;
}

Status KubernetesLog::add_chunk(const std::string& chunk) {
  if (last_chunks_ > 0 && last_bytes_ + chunk.size() > most_part) {
    bool begun = CARBON_TRY(begin_part(last_log_ + 1, chunk)) && CARBON_TRY(name_last());
    return begun ? Status() : fail(lost());
  }
  std::uint64_t number = last_chunks_ + 1;
  bool done = CARBON_TRY(change(log_name(last_log_), last_version_,
                                fmt::format(R"("binaryData":{{{}}})", chunk_entry(number, chunk))));
  if (!done && !CARBON_TRY(landed(chunk_key(number), chunk))) return fail(lost());
  last_chunks_ = number;
  last_bytes_ += chunk.size();
  log_bytes_ += chunk.size();
  return {};
}

Status KubernetesLog::add(const std::string& record) {
  for (const std::string& chunk : chunks_of(record, most_chunk)) CARBON_CHECK(add_chunk(chunk));
  return state_.apply(record);
}

Status KubernetesLog::compact() {
  bool is_long = last_log_ > first_log_ + long_log_parts || log_bytes_ > long_log_bytes;
  if (!is_long) return {};
  state_.forget_runs(most_runs);
  return write_snapshot(StoredState::snapshot_record(CARBON_TRY(state_.content())), false);
}

Status KubernetesLog::replace(const std::string& snapshot) {
  CARBON_CHECK(write_snapshot(snapshot, true));
  return state_.apply(snapshot);
}

Status KubernetesLog::write_snapshot(const std::string& record, bool moved_back) {
  if (last_chunks_ > 0 && !CARBON_TRY(begin_part(last_log_ + 1, ""))) return fail(lost());
  std::string id = fmt::format("{}.{}", epoch_, ++snapshots_);
  std::vector<std::string> chunks = chunks_of(record, most_chunk);
  std::uint64_t parts = 0;
  for (std::size_t at = 0; at < chunks.size(); at += chunks_of_snapshot_part) {
    std::string binary;
    for (std::size_t i = 0; i < chunks_of_snapshot_part && at + i < chunks.size(); ++i)
      binary += (binary.empty() ? "" : ",") + chunk_entry(i + 1, chunks[at + i]);
    std::string version;
    bool made =
        CARBON_TRY(create(fmt::format("carbon-{}-snapshot-{}-{}", key_, id, parts++), "", binary, version));
    if (!made) return fail(lost());
  }
  bool named = CARBON_TRY(
      change_head(fmt::format(R"("snapshot":"{}","snapshot_parts":"{}","first_log":"{}","last_log":"{}"{})",
                              id, parts, last_log_, last_log_, moved_back ? R"(,"moved_to":null)" : "")));
  if (!named) return fail(lost());
  snapshot_ = id;
  snapshot_parts_ = parts;
  first_log_ = last_log_;
  log_bytes_ = 0;
  if (moved_back) moved_to_.clear();
  drop_unnamed(id);
  return {};
}

/// Best effort: what is left is found by the next holder.
void KubernetesLog::drop_unnamed(const std::string& snapshot) {
  std::string kept_snapshot = fmt::format("carbon-{}-snapshot-{}-", key_, snapshot);
  std::vector<std::string> left;
  for (std::string& name : names_) {
    bool kept = name.starts_with(kept_snapshot) || name == log_name(last_log_) || name == "carbon-" + key_;
    if (!kept) (void)session_.write("DELETE", path(name), "");
    if (kept) left.push_back(std::move(name));
  }
  names_ = std::move(left);
}

Status KubernetesLog::set_moved_to(const std::string& moved_to) {
  bool done = CARBON_TRY(change_head(fmt::format(R"("moved_to":{})", json_quote(moved_to))));
  if (!done) return fail(lost());
  moved_to_ = moved_to;
  return {};
}

}  // namespace carbon
