#include "platform/connectors/http/http_listing.h"

#include <fmt/core.h>

#include <charconv>
#include <set>

#include "base/value_json.h"
#include "engine/model/identity.h"
#include "engine/model/typed_path.h"
#include "platform/connectors/operations/outcomes.h"

namespace carbon {

namespace {

constexpr std::int64_t most_pages = 10'000;

/// Equal identities give equal text. A reference is a record in what is asked for, and the target's one name
/// in what a server says.
std::string identity_code(const Value& identity) {
  std::vector<Entry> names;
  for (const Entry& entry : identity.entries()) {
    const Value* value = &entry.value;
    while (value->is_fields() && value->entries().size() == 1) value = &value->entries().front().value;
    names.push_back({entry.key, *value});
  }
  return encode_value(Value::record(std::move(names)));
}

}  // namespace

LiveObject live_object(const ResourceType& type, const Value& identity, const Value& fields) {
  LiveObject live;
  live.presence = Presence::present;
  live.object = with_identity(identity, fields);
  const Value* uid = type.operations.assigned.empty() ? nullptr : live.object.find(type.operations.assigned);
  if (uid != nullptr && !uid->is_null())
    live.uid = uid->is_string() ? std::string(uid->text()) : to_json(*uid);
  return live;
}

Value self_of(const ObjectKey& key) {
  const std::string& assigned = key.type->operations.assigned;
  const FieldType* field = assigned.empty() ? nullptr : key.type->schema->field(assigned);
  if (field == nullptr || key.uid.empty()) return key.identity;
  Value uid = Value::string(key.uid);
  if (plain_type(*field->type).kind == TypeKind::integer) {
    std::int64_t number = 0;
    auto [end, error] = std::from_chars(key.uid.data(), key.uid.data() + key.uid.size(), number);
    if (error == std::errc() && end == key.uid.data() + key.uid.size()) uid = Value::integer(number);
  }
  return with_identity(key.identity, Value::record({{Value::string(assigned), std::move(uid)}}));
}

Result<Value> HttpListing::identity_of(const Value& key) const {
  const std::vector<FieldPath>& paths = type_.identity;
  bool whole = key.is_fields() && paths.size() > 1;
  Value given = whole ? key : Value::record({{Value::string(paths.front().steps.front().name), key}});
  std::vector<Entry> entries;
  for (const FieldPath& path : paths) {
    const std::string& name = path.steps.front().name;
    const Value* value = given.find(name);
    const FieldType* field = type_.schema->field(name);
    if (value == nullptr || value->is_null() || field == nullptr)
      return fail(DiagnosticCode::bad_reply, fmt::format("an item of the list has no `{}`", name));
    bool reference = plain_type(*field->type).kind == TypeKind::reference;
    Value converted =
        reference ? *value : CARBON_TRY(convert(*value, *field->type, type_.operations.list.key->span));
    entries.push_back({Value::string(name), std::move(converted)});
  }
  return Value::record(std::move(entries));
}

Status HttpListing::take_page(HttpOperationRun& run) {
  const Operation& list = type_.operations.list;
  Value items = CARBON_TRY(run.run().value_of(*list.each));
  if (items.is_null()) return {};
  if (!items.is_sequence()) return fail(DiagnosticCode::bad_reply, "`each` gave no list", list.each->span);
  const Expr* take = list.take != nullptr ? list.take : type_.operations.read.take;
  Value page = run.run().slot(OperationSlot::body);
  for (const Value& item : items.items()) {
    run.run().slot(OperationSlot::item) = item;
    // `take` of `read` sees one object as the body of its reply.
    run.run().slot(OperationSlot::body) = list.take != nullptr ? page : item;
    Value identity = CARBON_TRY(identity_of(CARBON_TRY(run.run().value_of(*list.key))));
    Value fields = take == nullptr ? Value::record({}) : CARBON_TRY(run.run().taken(*take, type_));
    LiveObject live = live_object(type_, identity, fields);
    if (!live.uid.empty()) by_uid_.emplace(live.uid, live);
    by_identity_[identity_code(identity)].push_back(std::move(live));
  }
  run.run().slot(OperationSlot::body) = std::move(page);
  return {};
}

Result<std::string> HttpListing::next(const HttpOperationRun& run, std::string_view base) const {
  const Operation& list = type_.operations.list;
  if (list.next == nullptr) return std::string();
  Value path = CARBON_TRY(run.run().value_of(*list.next));
  if (path.is_null() || (path.is_string() && path.text().empty())) return std::string();
  if (!path.is_string()) return fail(DiagnosticCode::bad_reply, "`next` gave no path", list.next->span);
  return target_behind(base, path.text());
}

Task<Status> HttpListing::read(HttpClient* client) {
  const Operation& list = type_.operations.list;
  const std::string& base = client->endpoint().base;
  HttpOperationRun run(functions_, Value::record({}), Value(), provider_, type_.transport);
  Result<HttpRequest> request = run.request(list.steps.front(), {});
  if (!request) co_return fail(request.error());
  std::set<std::string> seen;
  for (std::int64_t page = 1; page <= most_pages; ++page) {
    seen.insert(request->target);
    HttpRequest copy = *request;
    auto asking = client->read(std::move(copy));
    HttpReply reply = co_await asking;
    bool success = reply.status >= 200 && reply.status < 300;
    if (!success)
      co_return fail(http_error(reply, {fmt::format("the list of {}", type_.name), base, client->secrets()}));
    run.run().slot(OperationSlot::page) = Value::integer(page);
    Status read = run.reply(reply, list.steps.front().encoding);
    if (!read) co_return fail(read.error());
    if (Status taken = take_page(run); !taken) co_return fail(taken.error());
    Result<std::string> following = next(run, base);
    if (!following) co_return fail(following.error());
    if (following->empty()) {
      if (list.complete == nullptr) co_return Status{};
      Result<bool> complete = run.run().holds(*list.complete);
      if (!complete) co_return fail(complete.error());
      if (*complete) co_return Status{};
      break;
    }
    // A server that always names the same page would be asked for ever.
    if (seen.contains(*following)) break;
    request->target = *following;
  }
  Error error(DiagnosticCode::observation_failed,
              fmt::format("the list of {} from {} is not complete", type_.name, base));
  co_return fail(
      std::move(error).help("what it does not show could exist all the same, so nothing is planned"));
}

LiveObject HttpListing::find(const ObjectKey& key) const {
  if (!key.uid.empty()) {
    auto own = by_uid_.find(key.uid);
    if (own != by_uid_.end()) return own->second;
  }
  auto found = by_identity_.find(identity_code(key.identity));
  if (found == by_identity_.end()) return absent_object();
  if (found->second.size() == 1) return found->second.front();
  Error error(DiagnosticCode::observation_failed,
              fmt::format("{} objects of {} are called `{}`", found->second.size(), type_.name,
                          identity_text(type_, key.identity)));
  return unknown_object(std::move(error).help("delete or rename all but one of them"));
}

}  // namespace carbon
