#include "platform/connectors/http/http_operation.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <deque>

#include "base/percent_encoding.h"
#include "base/value_json.h"
#include "platform/connectors/s3/encrypted_body.h"
#include "platform/connectors/s3/xml_body.h"

namespace carbon {

namespace {

std::string_view method_of(OperationStep::Kind kind) {
  switch (kind) {
    case OperationStep::Kind::get: return "GET";
    case OperationStep::Kind::post: return "POST";
    case OperationStep::Kind::put: return "PUT";
    case OperationStep::Kind::patch: return "PATCH";
    case OperationStep::Kind::delete_: return "DELETE";
    case OperationStep::Kind::head: return "HEAD";
    case OperationStep::Kind::query:
    case OperationStep::Kind::exec: break;
  }
  return "";
}

std::string lower(std::string text) {
  for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return text;
}

/// A scalar as it stands in a path or a header.
Result<std::string> plain_text(const Value& value, SourceSpan span) {
  if (value.is_string()) return std::string(value.text());
  bool scalar = value.kind() == ValueKind::integer || value.kind() == ValueKind::boolean ||
                value.kind() == ValueKind::decimal;
  if (scalar) return to_json(value);
  return fail(
      DiagnosticCode::type_mismatch,
      value.is_null() ? "a value that is null has no text" : "only text, numbers and truths have a text here",
      span);
}

bool is_json(const HttpReply& reply) {
  const std::string* type = reply.header("Content-Type");
  if (type != nullptr) return type->find("json") != std::string::npos;
  return reply.body.starts_with('{') || reply.body.starts_with('[');
}

Value headers_of(const HttpReply& reply) {
  std::vector<Entry> entries;
  for (const Header& header : reply.headers)
    entries.push_back({Value::string(lower(header.name)), Value::string(header.value)});
  return Value::map(std::move(entries));
}

/// Whether a field of a body has something to say.
enum class Said : std::uint8_t { value, null, nothing };

/// Whether the expression needs a value of each of its operands, so that it has none without them.
bool needs_operands(const Expr& expression) {
  switch (expression.kind) {
    case ExprKind::index:
    case ExprKind::call:
    case ExprKind::interpolation:
    case ExprKind::convert: return true;
    case ExprKind::unary: return expression.op == Operator::negate;
    case ExprKind::binary: return expression.op >= Operator::add;
    case ExprKind::constant:
    case ExprKind::slot:
    case ExprKind::member:
    case ExprKind::safe_member:
    case ExprKind::conditional:
    case ExprKind::list:
    case ExprKind::record:
    case ExprKind::list_comprehension:
    case ExprKind::map_comprehension:
    case ExprKind::let:
    case ExprKind::spread:
    case ExprKind::guarded:
    case ExprKind::field:
    case ExprKind::computed_field: break;
  }
  return false;
}

/// `self.a.b`: nothing where the platform does not write it.
Said said_by_self(const Expr& value, const Value& self) {
  std::vector<std::string_view> names;
  const Expr* at = &value;
  while (at->kind == ExprKind::member || at->kind == ExprKind::safe_member) {
    names.push_back(at->name);
    at = at->children.front();
  }
  bool of_self = at->kind == ExprKind::slot && at->depth == 0 &&
                 at->slot == static_cast<std::uint32_t>(OperationSlot::self);
  if (!of_self || names.empty()) return Said::value;
  const Value* found = &self;
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    // A null on the way is written: all below it is null too.
    if (found->is_null()) return Said::null;
    found = found->find(*name);
    if (found == nullptr) return Said::nothing;
  }
  return found->is_null() ? Said::null : Said::value;
}

/// A record with one member that is written in the type itself: a document of the platform may be one too.
bool is_document(const Expr& body) {
  if (body.kind == ExprKind::record) return body.children.size() == 1;
  return body.kind == ExprKind::constant && body.constant.is_fields() && body.constant.entries().size() == 1;
}

bool null_constant(const Expr& value) { return value.kind == ExprKind::constant && value.constant.is_null(); }

/// `if self.f == null then null else …` where the platform does not write f.
bool of_unwritten(const Expr& choice, const Value& self) {
  if (choice.kind != ExprKind::conditional || !null_constant(*choice.children.at(1))) return false;
  const Expr& condition = *choice.children.front();
  bool asks = condition.kind == ExprKind::binary && condition.op == Operator::equal &&
              null_constant(*condition.children.back());
  return asks && said_by_self(*condition.children.front(), self) == Said::nothing;
}

Said said_by(const Expr& value, const Value& self) {
  if (of_unwritten(value, self)) return Said::nothing;
  if (!needs_operands(value)) return said_by_self(value, self);
  Said all = Said::value;
  for (const Expr* operand : value.children) all = std::max(all, said_by(*operand, self));
  return all;
}

/// The record without the fields of `self` that are not written, at any depth, and with null for what is
/// computed from one that is null. `kept` owns the copies.
const Expr& pruned(const Expr& record, const Value& self, std::deque<Expr>& kept) {
  if (record.kind != ExprKind::record) return record;
  Expr& copy = kept.emplace_back(record);
  copy.children.clear();
  for (const Expr* child : record.children) {
    bool field = child->kind == ExprKind::field && !child->children.empty();
    const Expr* value = field ? child->children.front() : nullptr;
    Said said = field ? said_by(*value, self) : Said::value;
    if (said == Said::nothing) continue;
    const Expr* below = value;
    if (said == Said::null && needs_operands(*value)) {
      Expr& null = kept.emplace_back(*value);
      null.kind = ExprKind::constant;
      null.constant = Value();
      null.children.clear();
      below = &null;
    } else if (field && value->kind == ExprKind::record) {
      below = &pruned(*value, self, kept);
    }
    if (below != value) {
      Expr& inner = kept.emplace_back(*child);
      inner.children.front() = below;
      child = &inner;
    }
    copy.children.push_back(child);
  }
  return copy;
}

}  // namespace

HttpOperationRun::HttpOperationRun(const FunctionTable& functions, Value self, Value live, Value provider,
                                   Transport transport)
    : run_(functions, std::move(self), std::move(live)), transport_(transport) {
  run_.slot(OperationSlot::provider) = std::move(provider);
}

Result<std::string> HttpOperationRun::target(const Expr& path) const {
  if (path.kind != ExprKind::interpolation) return run_.text_of(path);
  std::string out;
  std::size_t checked = 0;  // where the segment with the last value begins
  bool valued = false;
  auto sound = [&](std::size_t end) {
    std::string_view segment = std::string_view(out).substr(checked, end - checked);
    bool climbs = segment.empty() || segment == "." || segment == "..";
    return !valued || !climbs;
  };
  for (const Expr* part : path.children) {
    bool literal = part->kind == ExprKind::constant && part->constant.is_string();
    std::string text = CARBON_TRY(plain_text(CARBON_TRY(run_.value_of(*part)), part->span));
    bool in_query = out.find('?') != std::string::npos;
    if (!literal) {
      out += percent_encoded(text);
      valued = valued || !in_query;
      continue;
    }
    for (char c : text) {
      bool ends = !in_query && (c == '/' || c == '?');
      if (ends && !sound(out.size()))
        return fail(DiagnosticCode::bad_type_declaration,
                    fmt::format("a value would make `{}` another path", out), path.span);
      out += c;
      if (ends) checked = out.size(), valued = false, in_query = c == '?';
    }
  }
  bool in_path = out.find('?') == std::string::npos;
  if (in_path && !sound(out.size()))
    return fail(DiagnosticCode::bad_type_declaration,
                fmt::format("a value would make `{}` another path", out), path.span);
  return out;
}

Result<Value> HttpOperationRun::sent(const Expr& body) const {
  std::deque<Expr> kept;
  return run_.value_of(pruned(body, run_.slot(OperationSlot::self), kept));
}

std::string_view HttpOperationRun::secret_key() const {
  const Value& provider = run_.slot(OperationSlot::provider);
  const Value* key = provider.is_fields() ? provider.find("secret_key") : nullptr;
  return key != nullptr && key->is_string() ? key->text() : std::string_view();
}

Result<HttpRequest> HttpOperationRun::request(const OperationStep& step, std::string_view random) const {
  HttpRequest made;
  made.method = method_of(step.kind);
  made.target = CARBON_TRY(target(*step.text));
  if (step.send != nullptr) CARBON_CHECK(add_body(*step.send, step.encoding, made));
  if (step.send != nullptr && step.encoding == BodyEncoding::madmin) {
    made.body = CARBON_TRY(encrypted_body(made.body, secret_key(), random));
    made.headers = {{"Content-Type", "application/octet-stream"}};
  }
  for (const auto& [name, value] : step.headers) {
    Value content = CARBON_TRY(run_.value_of(*value));
    if (content.is_null()) continue;
    std::string header = CARBON_TRY(run_.text_of(*name));
    std::string text = CARBON_TRY(plain_text(content, value->span));
    if (lower(header) == "content-type")
      std::erase_if(made.headers, [](const Header& each) { return each.name == "Content-Type"; });
    made.headers.push_back({std::move(header), std::move(text)});
  }
  return made;
}

Status HttpOperationRun::add_body(const Expr& body, BodyEncoding encoding, HttpRequest& request) const {
  Value value = CARBON_TRY(sent(body));
  std::string_view type = "application/json";
  bool speaks_xml = transport_ == Transport::s3 && encoding == BodyEncoding::none;
  if (speaks_xml && is_document(body)) {
    request.body = CARBON_TRY(to_xml(value));
    type = "application/xml";
  } else if (transport_ == Transport::s3 && value.is_string()) {
    request.body = value.text();
    type = "application/octet-stream";
  } else {
    request.body = to_json(value);
  }
  request.headers.push_back({"Content-Type", std::string(type)});
  return {};
}

Result<std::string> HttpOperationRun::poll_target(const OperationPoll& poll, std::string_view base) const {
  bool literal = poll.path->kind == ExprKind::interpolation || poll.path->kind == ExprKind::constant;
  if (literal) return target(*poll.path);
  return target_behind(base, CARBON_TRY(run_.text_of(*poll.path)));
}

Status HttpOperationRun::reply(const HttpReply& reply, BodyEncoding encoding) {
  bool decodes = encoding == BodyEncoding::madmin && reply.status >= 200 && reply.status < 300;
  if (decodes && !reply.body.empty()) {
    HttpReply decoded = reply;
    decoded.body = CARBON_TRY(decrypted_body(reply.body, secret_key()));
    return this->reply(decoded);
  }
  run_.slot(OperationSlot::status) = Value::integer(reply.status);
  run_.slot(OperationSlot::headers) = headers_of(reply);
  Value& body = run_.slot(OperationSlot::body);
  body = Value();
  if (reply.body.empty()) return {};
  body = Value::string(reply.body);
  bool success = reply.status >= 200 && reply.status < 300;
  const std::string* type = reply.header("Content-Type");
  if (success && type != nullptr && type->find("html") != std::string::npos)
    return fail(DiagnosticCode::bad_reply, fmt::format("`{}` came instead of JSON", type->substr(0, 80)));
  bool xml = transport_ == Transport::s3 && looks_like_xml(type, reply.body);
  if (!xml && !is_json(reply)) return {};
  Result<Value> parsed = xml ? parse_xml(reply.body) : parse_json(reply.body);
  if (!parsed && success) return fail(parsed.error());
  if (parsed) body = std::move(*parsed);
  return {};
}

void HttpOperationRun::expect(std::size_t steps) {
  run_.slot(OperationSlot::replies) = Value::list(std::vector<Value>(steps));
}

void HttpOperationRun::remember(std::size_t step) {
  Value& replies = run_.slot(OperationSlot::replies);
  std::vector<Value> bodies(replies.items().begin(), replies.items().end());
  bodies.at(step) = run_.slot(OperationSlot::body);
  replies = Value::list(std::move(bodies));
}

bool HttpOperationRun::says(const Expr* condition) const {
  if (condition == nullptr) return false;
  Result<bool> holds = run_.holds(*condition);
  return holds && *holds;
}

Result<std::string> target_behind(std::string_view base, std::string_view path) {
  std::string_view behind = path;
  if (path.starts_with(base)) behind.remove_prefix(base.size());
  if (behind.starts_with('/') && !behind.starts_with("//")) return std::string(behind);
  return fail(DiagnosticCode::bad_reply, fmt::format("the next page would be at `{}`, which is not behind {}",
                                                     path.substr(0, 200), base));
}

}  // namespace carbon
