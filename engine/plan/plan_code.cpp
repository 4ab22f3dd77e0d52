// The body of a plan file: one record, written and read field by field.

#include "engine/plan/plan_code.h"

#include <fmt/core.h>

#include "base/value_document.h"
#include "base/value_json.h"
#include "engine/plan/plan_file.h"

namespace carbon {

using document::field;
using document::list;
using document::number;
using document::text;

namespace {

Value path_value(const FieldPath& path) { return text(path.text()); }

Value encode(const Written& written) {
  return Value::record({field("file", text(written.file)), field("line", number(written.line))});
}

/// A value that may be absent is a list of none or one: null is a value.
Value encode(const std::optional<Value>& value) { return value ? Value::list({*value}) : Value::list({}); }

Value encode(const FieldChange& change) {
  std::vector<Entry> row{
      field("path", path_value(change.path)),
      field("before", encode(change.before)),
      field("after", encode(change.after)),
      field("secret", Value::boolean(change.secret)),
      field("immutable", Value::boolean(change.immutable)),
      field("written", encode(change.written)),
      field("cause", number(static_cast<std::uint64_t>(change.cause))),
      field("writer", text(change.writer)),
  };
  if (!change.words.empty()) row.push_back(field("words", text(change.words)));
  if (change.secret_tag != 0) row.push_back(field("secret_tag", number(change.secret_tag)));
  if (change.owner != FieldOwner::carbon)
    row.push_back(field("owner", number(static_cast<std::uint64_t>(change.owner))));
  if (change.within != 0) row.push_back(field("within", number(change.within)));
  return Value::record(std::move(row));
}

Value encode(const Fingerprint& print) {
  return Value::record({
      field("present", Value::boolean(print.present)),
      field("uid", text(print.uid)),
      field("version", text(print.version)),
      field("fields", list(print.fields, path_value)),
      field("digest", text(print.digest)),
  });
}

Value encode(const WriteStep& step) {
  return Value::record({
      field("text", text(step.text)),
      field("summary", text(step.summary)),
      field("path", path_value(step.path)),
      field("risk", number(static_cast<std::uint64_t>(step.risk))),
      field("count", text(step.count)),
  });
}

Value encode(const Change& change) {
  auto code = [](auto value) { return number(static_cast<std::uint64_t>(value)); };
  std::vector<Entry> row{
      field("address", text(change.address)),
      field("action", code(change.action)),
      field("because", code(change.because)),
      field("because_detail", text(change.because_detail)),
      field("type", text(change.type)),
      field("type_version", text(change.type_version)),
      field("provider", text(change.provider)),
      field("identity_text", text(change.identity_text)),
      field("identity", change.identity),
      field("former", change.former),
      field("desired", change.desired),
      field("fields", list(change.fields, [](const FieldChange& one) { return encode(one); })),
      field("unchanged", number(change.unchanged)),
      field("removed", list(change.removed, path_value)),
      field("fingerprint", encode(change.fingerprint)),
      field("disruption", code(change.disruption)),
      field("reversibility", code(change.reversibility)),
      field("data_bearing", Value::boolean(change.data_bearing)),
      field("protect", Value::boolean(change.protect)),
      field("timeout",
            encode(change.timeout ? std::optional(Value::duration(*change.timeout)) : std::nullopt)),
      field("stage", number(change.stage)),
      field("needs", list(change.needs, text)),
      field("assumes", list(change.assumes, text)),
      field("applied", text(change.applied.encode())),
      field("declared", encode(change.declared)),
  };
  if (!change.steps.empty())
    row.push_back(field("steps", list(change.steps, [](const WriteStep& one) { return encode(one); })));
  if (!change.was.is_null()) row.push_back(field("was", change.was));
  if (!change.moved_from.empty()) row.push_back(field("moved_from", text(change.moved_from)));
  if (!change.keeps.empty()) {
    row.push_back(field("keeps", list(change.keeps, [](const Keep& keep) {
                          return Value::list({text(keep.field), text(keep.sink)});
                        })));
  }
  if (change.until_ready) row.push_back(field("until_ready", Value::boolean(true)));
  if (change.create_first) row.push_back(field("create_first", Value::boolean(true)));
  if (change.retry)
    row.push_back(
        field("retry", Value::list({number(change.retry->times), Value::duration(change.retry->pause)})));
  return Value::record(std::move(row));
}

Value encode(const Record& record) {
  std::vector<Entry> digests;
  for (const auto& [path, digest] : record.value_digests) digests.push_back(field(path, text(digest)));
  auto applied = record.applied ? std::optional(text(record.applied->encode())) : std::nullopt;
  return Value::record({
      field("address", text(record.address)),
      field("what", list(record.what, text)),
      field("provider", text(record.provider)),
      field("protect", Value::boolean(record.protect)),
      field("needs", list(record.needs, text)),
      field("declared", encode(record.declared)),
      field("applied", encode(applied)),
      field("value_digests", Value::map(std::move(digests))),
  });
}

Value encode(const PlannedProvider& provider) {
  Value target = Value::list({});
  if (provider.target) {
    target = Value::list(
        {text(provider.target->endpoint), text(provider.target->uid), text(provider.target->version)});
  }
  return Value::record({field("address", text(provider.address)), field("type", text(provider.type)),
                        field("config", provider.config), field("target", target)});
}

Value encode(const PolicySummary& policies) {
  auto note = [](const PolicyNote& one) {
    return Value::record({field("policy", text(one.policy)), field("severity", text(one.severity)),
                          field("address", text(one.address)), field("message", text(one.message))});
  };
  return Value::record(
      {field("passed", number(policies.passed)), field("notes", list(policies.notes, note))});
}

Value encode(const PlanSummary& sum) {
  std::vector<Value> counts;
  for (std::uint32_t count : {sum.create, sum.update, sum.replace, sum.delete_, sum.adopt, sum.release,
                              sum.read, sum.later, sum.unchanged, sum.record}) {
    counts.push_back(number(count));
  }
  if (sum.move != 0) counts.push_back(number(sum.move));
  return Value::list(std::move(counts));
}

}  // namespace

namespace {

Value encode(const PlannedLookup& lookup) {
  return Value::record({field("address", text(lookup.address)), field("provider", text(lookup.provider)),
                        field("type", text(lookup.type)), field("identity", lookup.identity)});
}

}  // namespace

std::string encode_plan(const Plan& plan) {
  std::vector<Entry> inputs;
  for (const auto& [name, value] : plan.set_inputs) inputs.push_back(field(name, text(value)));
  std::vector<Entry> body{
      field("platform", text(plan.platform)),
      field("environment", text(plan.environment)),
      field("world", text(plan.world)),
      field("source_digest", text(plan.source_digest)),
      field("tool_version", text(plan.tool_version)),
      field("inventory_generation", number(plan.inventory_generation)),
      field("inventory_folder", text(plan.inventory_folder)),
      field("destroy", Value::boolean(plan.destroy)),
      field("set_inputs", Value::map(std::move(inputs))),
      field("providers", list(plan.providers, [](const PlannedProvider& one) { return encode(one); })),
      field("types", Value::list(plan.types)),
      field("changes", list(plan.changes, [](const Change& one) { return encode(one); })),
      field("records", list(plan.records, [](const Record& one) { return encode(one); })),
      field("quiet",
            list(plan.quiet,
                 [](const QuietRule& rule) {
                   return Value::record({field("rule", text(rule.rule)), field("count", number(rule.count))});
                 })),
      field("blocked", list(plan.blocked, text)),
      field("foreign_fields", number(plan.foreign_fields)),
      field("summary", encode(plan.summary)),
      field("policies", encode(plan.policies)),
  };
  if (!plan.lookups.empty())
    body.push_back(
        field("lookups", list(plan.lookups, [](const PlannedLookup& one) { return encode(one); })));
  return encode_value(Value::record(std::move(body)));
}

Value RecordReader::value(std::string_view name) const {
  const Value* found = record_.find(name);
  return found == nullptr ? Value() : *found;
}

std::string RecordReader::text(std::string_view name) {
  const Value* found = record_.find(name);
  if (found != nullptr && found->is_string()) return std::string(found->text());
  wrong(name);
  return {};
}

std::uint64_t RecordReader::number(std::string_view name) {
  const Value* found = record_.find(name);
  if (found != nullptr && found->kind() == ValueKind::integer && found->as_int() >= 0) {
    return static_cast<std::uint64_t>(found->as_int());
  }
  wrong(name);
  return 0;
}

bool RecordReader::flag(std::string_view name) {
  const Value* found = record_.find(name);
  if (found != nullptr && found->kind() == ValueKind::boolean) return found->as_bool();
  wrong(name);
  return false;
}

std::span<const Value> RecordReader::items(std::string_view name) {
  const Value* found = record_.find(name);
  if (found != nullptr && found->is_sequence()) return found->items();
  wrong(name);
  return {};
}

std::vector<std::string> RecordReader::texts(std::string_view name) {
  std::vector<std::string> out;
  for (const Value& item : items(name)) {
    if (!item.is_string()) wrong(name);
    if (item.is_string()) out.emplace_back(item.text());
  }
  return out;
}

std::vector<FieldPath> RecordReader::paths(std::string_view name) {
  std::vector<FieldPath> out;
  for (const std::string& one : texts(name)) {
    Result<FieldPath> path = FieldPath::parse(one);
    if (!path) wrong(name);
    if (path) out.push_back(std::move(*path));
  }
  return out;
}

FieldPath RecordReader::path(std::string_view name) {
  Result<FieldPath> path = FieldPath::parse(text(name));
  if (path) return std::move(*path);
  wrong(name);
  return {};
}

namespace {

std::optional<Value> optional_value(RecordReader& reader, std::string_view name) {
  std::span<const Value> items = reader.items(name);
  return items.empty() ? std::nullopt : std::optional(items.front());
}

/// Reads a nested record; what is wrong in it is wrong in the outer one.
template <class Read>
auto nested(RecordReader& outer, std::string_view name, const Value& value, const Read& read) {
  RecordReader inner(value);
  auto result = read(inner);
  if (!inner.bad().empty()) outer.wrong(fmt::format("{}.{}", name, inner.bad()));
  return result;
}

template <class T, class Read>
std::vector<T> records(RecordReader& outer, std::string_view name, const Read& read) {
  std::vector<T> out;
  for (const Value& item : outer.items(name)) out.push_back(nested(outer, name, item, read));
  return out;
}

Written read_written(RecordReader& reader) {
  return {reader.text("file"), static_cast<std::uint32_t>(reader.number("line"))};
}

FieldChange read_field(RecordReader& reader) {
  FieldChange change;
  change.path = reader.path("path");
  change.before = optional_value(reader, "before");
  change.after = optional_value(reader, "after");
  change.secret = reader.flag("secret");
  change.immutable = reader.flag("immutable");
  change.written = nested(reader, "written", reader.value("written"), read_written);
  change.cause = reader.choice<FieldCause>("cause", static_cast<std::uint64_t>(FieldCause::both) + 1);
  change.writer = reader.text("writer");
  // Absent in most, and in plans of before.
  if (!reader.value("words").is_null()) change.words = reader.text("words");
  if (!reader.value("secret_tag").is_null())
    change.secret_tag = static_cast<std::uint32_t>(reader.number("secret_tag"));
  if (!reader.value("within").is_null()) change.within = static_cast<std::uint32_t>(reader.number("within"));
  if (!reader.value("owner").is_null())
    change.owner = reader.choice<FieldOwner>("owner", static_cast<std::uint64_t>(FieldOwner::other) + 1);
  return change;
}

Fingerprint read_fingerprint(RecordReader& reader) {
  Fingerprint print;
  print.present = reader.flag("present");
  print.uid = reader.text("uid");
  print.version = reader.text("version");
  print.fields = reader.paths("fields");
  print.digest = reader.text("digest");
  return print;
}

std::optional<Retry> read_retry(RecordReader& reader) {
  std::span<const Value> parts = reader.items("retry");
  bool shaped = parts.size() == 2 && parts[0].kind() == ValueKind::integer && parts[0].as_int() >= 0 &&
                parts[0].as_int() <= UINT32_MAX && parts[1].kind() == ValueKind::duration;
  if (!shaped) {
    reader.wrong("retry");
    return std::nullopt;
  }
  return Retry{static_cast<std::uint32_t>(parts[0].as_int()), parts[1].as_duration()};
}

std::vector<Keep> read_keeps(RecordReader& reader) {
  std::vector<Keep> keeps;
  for (const Value& pair : reader.items("keeps")) {
    std::span<const Value> parts = pair.is_sequence() ? pair.items() : std::span<const Value>();
    bool shaped = parts.size() == 2 && parts[0].is_string() && parts[1].is_string();
    if (shaped) keeps.push_back({std::string(parts[0].text()), std::string(parts[1].text())});
    if (!shaped) reader.wrong("keeps");
  }
  return keeps;
}

WriteStep read_step(RecordReader& reader) {
  WriteStep step;
  step.text = reader.text("text");
  step.summary = reader.text("summary");
  step.path = reader.path("path");
  step.risk = reader.choice<StepRisk>("risk", static_cast<std::uint64_t>(StepRisk::lossy) + 1);
  step.count = reader.text("count");
  return step;
}

Change read_change(RecordReader& reader) {
  Change change;
  change.address = reader.text("address");
  change.action = reader.choice<Action>("action", static_cast<std::uint64_t>(Action::move) + 1);
  change.because = reader.choice<Because>("because", static_cast<std::uint64_t>(Because::undone) + 1);
  change.because_detail = reader.text("because_detail");
  change.type = reader.text("type");
  change.type_version = reader.text("type_version");
  change.provider = reader.text("provider");
  change.identity_text = reader.text("identity_text");
  change.identity = reader.value("identity");
  change.former = reader.value("former");
  change.desired = reader.value("desired");
  change.was = reader.value("was");
  change.fields = records<FieldChange>(reader, "fields", read_field);
  change.unchanged = static_cast<std::uint32_t>(reader.number("unchanged"));
  change.removed = reader.paths("removed");
  change.fingerprint = nested(reader, "fingerprint", reader.value("fingerprint"), read_fingerprint);
  change.disruption = reader.choice<Disruption>("disruption", 4);
  change.reversibility = reader.choice<Reversibility>("reversibility", 3);
  change.data_bearing = reader.flag("data_bearing");
  change.protect = reader.flag("protect");
  if (auto timeout = optional_value(reader, "timeout"); timeout && timeout->kind() == ValueKind::duration) {
    change.timeout = timeout->as_duration();
  }
  change.stage = static_cast<std::uint32_t>(reader.number("stage"));
  change.needs = reader.texts("needs");
  change.assumes = reader.texts("assumes");
  Result<FieldSet> applied = FieldSet::decode(reader.text("applied"));
  if (!applied) reader.wrong("applied");
  if (applied) change.applied = std::move(*applied);
  change.declared = nested(reader, "declared", reader.value("declared"), read_written);
  if (!reader.value("steps").is_null()) change.steps = records<WriteStep>(reader, "steps", read_step);
  if (Value from = reader.value("moved_from"); from.is_string()) change.moved_from = from.text();
  if (!reader.value("keeps").is_null()) change.keeps = read_keeps(reader);
  change.until_ready = !reader.value("until_ready").is_null() && reader.flag("until_ready");
  change.create_first = !reader.value("create_first").is_null() && reader.flag("create_first");
  if (!reader.value("retry").is_null()) change.retry = read_retry(reader);
  return change;
}

Record read_record(RecordReader& reader) {
  Record record;
  record.address = reader.text("address");
  record.what = reader.texts("what");
  record.provider = reader.text("provider");
  record.protect = reader.flag("protect");
  record.needs = reader.texts("needs");
  record.declared = nested(reader, "declared", reader.value("declared"), read_written);
  if (auto applied = optional_value(reader, "applied")) {
    Result<FieldSet> read = FieldSet::decode(applied->is_string() ? applied->text() : std::string_view());
    if (!read) reader.wrong("applied");
    if (read) record.applied = std::move(*read);
  }
  Value digests = reader.value("value_digests");
  if (!digests.is_fields()) {
    reader.wrong("value_digests");
    return record;
  }
  for (const Entry& digest : digests.entries()) {
    if (digest.value.is_string()) record.value_digests.emplace(digest.key.text(), digest.value.text());
  }
  return record;
}

PlannedProvider read_provider(RecordReader& reader) {
  PlannedProvider provider{reader.text("address"), reader.text("type"), reader.value("config"), std::nullopt};
  std::vector<std::string> target = reader.texts("target");
  if (target.size() == 3) provider.target = TargetIdentity{target[0], target[1], target[2]};
  return provider;
}

QuietRule read_quiet(RecordReader& reader) { return {reader.text("rule"), reader.number("count")}; }

PolicySummary read_policies(RecordReader& reader) {
  PolicySummary policies;
  policies.passed = static_cast<std::uint32_t>(reader.number("passed"));
  policies.notes = records<PolicyNote>(reader, "notes", [](RecordReader& note) {
    return PolicyNote{note.text("policy"), note.text("severity"), note.text("address"), note.text("message")};
  });
  return policies;
}

PlanSummary read_summary(RecordReader& reader) {
  std::vector<std::uint32_t> counts;
  for (const Value& item : reader.items("summary")) {
    bool whole = item.kind() == ValueKind::integer && item.as_int() >= 0;
    counts.push_back(whole ? static_cast<std::uint32_t>(item.as_int()) : 0);
  }
  if (counts.size() == 10) counts.push_back(0);  // without moves
  if (counts.size() != 11) {
    reader.wrong("summary");
    return {};
  }
  return {counts[0], counts[1], counts[2], counts[3], counts[4], counts[5],
          counts[6], counts[7], counts[8], counts[9], counts[10]};
}

}  // namespace

Result<Plan> decode_plan(std::string_view body) {
  Value document = CARBON_TRY(decode_value(body));
  RecordReader reader(document);
  Plan plan;
  plan.platform = reader.text("platform");
  plan.environment = reader.text("environment");
  plan.world = reader.text("world");
  plan.source_digest = reader.text("source_digest");
  plan.tool_version = reader.text("tool_version");
  plan.inventory_generation = reader.number("inventory_generation");
  plan.inventory_folder = reader.text("inventory_folder");
  plan.destroy = reader.flag("destroy");
  if (Value inputs = reader.value("set_inputs"); inputs.is_fields()) {
    for (const Entry& input : inputs.entries()) {
      if (input.value.is_string()) plan.set_inputs.emplace(input.key.text(), input.value.text());
    }
  }
  plan.providers = records<PlannedProvider>(reader, "providers", read_provider);
  for (const Value& type : reader.items("types")) plan.types.push_back(type);
  plan.changes = records<Change>(reader, "changes", read_change);
  plan.records = records<Record>(reader, "records", read_record);
  plan.quiet = records<QuietRule>(reader, "quiet", read_quiet);
  if (!reader.value("lookups").is_null())
    plan.lookups = records<PlannedLookup>(reader, "lookups", [](RecordReader& one) {
      return PlannedLookup{one.text("address"), one.text("provider"), one.text("type"),
                           one.value("identity")};
    });
  plan.blocked = reader.texts("blocked");
  plan.foreign_fields = static_cast<std::uint32_t>(reader.number("foreign_fields"));
  plan.summary = read_summary(reader);
  // Plans of before there were policies have none.
  if (Value policies = reader.value("policies"); !policies.is_null())
    plan.policies = nested(reader, "policies", policies, read_policies);
  if (!reader.bad().empty())
    return fail(DiagnosticCode::bad_plan_file, fmt::format("`{}` is missing", reader.bad()));
  return plan;
}

}  // namespace carbon
