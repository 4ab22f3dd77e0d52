#include "engine/plan/plan_file.h"

#include <fmt/core.h>

#include "base/value_json.h"
#include "engine/plan/plan_code.h"

namespace carbon {

namespace {

constexpr std::string_view magic = "carbon-plan 1 ";
constexpr std::size_t id_digits = 16;
constexpr std::size_t hmac_digits = 64;

tl::unexpected<Error> damaged(std::string_view why) {
  return fail(
      Error(DiagnosticCode::bad_plan_file, fmt::format("this is not a plan that carbon can use: {}", why))
          .help("make it again with `carbon plan -o FILE`"));
}

std::string encode_envelope(const PlanEnvelope& envelope) {
  return to_json(Value::record({{Value::string("made_at"), Value::integer(envelope.made_at)},
                                {Value::string("expires_at"), Value::integer(envelope.expires_at)},
                                {Value::string("nonce"), Value::string(envelope.nonce)}}));
}

Result<PlanEnvelope> decode_envelope(std::string_view text) {
  Value json = CARBON_TRY(parse_json(text));
  const Value* made = json.find("made_at");
  const Value* expires = json.find("expires_at");
  const Value* nonce = json.find("nonce");
  bool whole = made != nullptr && made->kind() == ValueKind::integer && expires != nullptr &&
               expires->kind() == ValueKind::integer && nonce != nullptr && nonce->is_string();
  if (!whole) return damaged("its envelope is not complete");
  return PlanEnvelope{made->as_int(), expires->as_int(), std::string(nonce->text())};
}

std::string id_of(std::string_view body, const Digester& digester) {
  return "pl-" + digester.sha256_hex(body).substr(0, id_digits);
}

}  // namespace

std::string plan_id(const Plan& plan, const Digester& digester) { return id_of(encode_plan(plan), digester); }

std::string encode_plan_file(const Plan& plan, const PlanEnvelope& envelope, const Digester& digester) {
  std::string signed_part = encode_envelope(envelope) + "\n" + encode_plan(plan);
  return fmt::format("{}{}\n", magic, digester.sign(signed_part)).append(signed_part);
}

Result<SavedPlan> decode_plan_file(std::string_view text, const Digester& digester) {
  if (!text.starts_with(magic)) return damaged("it does not begin as one of this version does");
  text.remove_prefix(magic.size());
  if (text.size() < hmac_digits + 1 || text[hmac_digits] != '\n') return damaged("it is cut");
  std::string_view signature = text.substr(0, hmac_digits);
  std::string_view signed_part = text.substr(hmac_digits + 1);
  if (digester.sign(signed_part) != signature) {
    return damaged("its signature is wrong, so it is damaged or was made with another machine's key");
  }
  std::size_t line = signed_part.find('\n');
  if (line == std::string_view::npos) return damaged("it has no body");
  std::string_view body = signed_part.substr(line + 1);
  PlanEnvelope envelope = CARBON_TRY(decode_envelope(signed_part.substr(0, line)));
  Result<Plan> plan = decode_plan(body);
  if (!plan) return damaged(plan.error().message());
  return SavedPlan{std::move(*plan), id_of(body, digester), std::move(envelope)};
}

}  // namespace carbon
