// Numbers, strings and lists.

#include <fmt/format.h>
#include <algorithm>
#include <charconv>

#include "base/quantity.h"
#include "dsl/check/lowering.h"
#include "dsl/syntax/literal.h"

namespace carbon {

namespace {

/// What the expected type says about `m` and about the dimension.
std::optional<Dimension> wanted_dimension(TypePtr expected) {
  TypePtr type = bare(expected);
  if (type == nullptr) return std::nullopt;
  if (type->kind == TypeKind::duration) return Dimension::duration;
  if (type->kind == TypeKind::cpu || type->kind == TypeKind::quantity ||
      type->kind == TypeKind::int_or_string)
    return Dimension::cpu;
  if (type->kind == TypeKind::bytes) return Dimension::bytes;
  return std::nullopt;
}

/// The content of a string without escapes and `${…}`, as it stands in the source.
std::optional<std::string_view> plain_text(NodeRef node) {
  if (!node.is(NodeKind::string)) return std::nullopt;
  auto parts = node.children();
  auto first = parts.begin();
  if (first == parts.end()) return std::string_view();
  NodeRef only = *first;
  if (++first != parts.end() || !only.is(NodeKind::string_text)) return std::nullopt;
  return only.text();
}

bool is_fraction(std::string_view digits) { return digits.find('.') != std::string_view::npos; }

TypeKind kind_of(Dimension dimension) {
  switch (dimension) {
    case Dimension::bytes: return TypeKind::bytes;
    case Dimension::cpu: return TypeKind::cpu;
    case Dimension::duration:
    case Dimension::ambiguous_m: return TypeKind::duration;
  }
  return TypeKind::duration;
}

/// What is said of a plain number where a unit is needed: why, and what to write.
struct UnitWording {
  std::string_view why;
  std::string_view remedy;
};

/// Nothing for types that take a plain number.
std::optional<UnitWording> unit_wording(TypeKind kind) {
  if (kind == TypeKind::bytes) return UnitWording{"bytes need a unit", "write `{0}Gi` or `{0}G`"};
  if (kind == TypeKind::cpu) return UnitWording{"cpu needs a unit", "write `{0}cpu`"};
  if (kind == TypeKind::duration)
    return UnitWording{"durations need a unit", "write `{0}s`, `{0}min` or `{0}h`"};
  return std::nullopt;
}

/// Spellings that mean one unit only, and how carbon writes it.
constexpr std::pair<std::string_view, std::string_view> other_spellings[] = {
    {"KB", "k"},       {"kB", "k"},        {"MB", "M"},   {"GB", "G"},     {"TB", "T"},      {"PB", "P"},
    {"EB", "E"},       {"KiB", "Ki"},      {"MiB", "Mi"}, {"GiB", "Gi"},   {"TiB", "Ti"},    {"PiB", "Pi"},
    {"EiB", "Ei"},     {"sec", "s"},       {"secs", "s"}, {"second", "s"}, {"seconds", "s"}, {"mins", "min"},
    {"minute", "min"}, {"minutes", "min"}, {"hr", "h"},   {"hrs", "h"},    {"hour", "h"},    {"hours", "h"},
    {"day", "d"},      {"days", "d"},      {"week", "w"}, {"weeks", "w"},  {"core", "cpu"},  {"cores", "cpu"},
    {"vcpus", "vcpu"}, {"cpus", "cpu"},
};

std::string_view unit_meant(std::string_view unit) {
  const auto* found = std::find_if(std::begin(other_spellings), std::end(other_spellings),
                                   [&](const auto& each) { return each.first == unit; });
  return found == std::end(other_spellings) ? std::string_view() : found->second;
}

void unknown_unit(Session& session, NodeRef number, const NumberPart& part, bool last) {
  Diagnostic& made = session.error(DiagnosticCode::unknown_unit,
                                   part.unit.empty() ? "a number without a unit behind one with a unit"
                                                     : fmt::format("there is no unit `{}`", part.unit),
                                   number.span());
  made.notes.emplace_back(
      "bytes: B k M G T P E Ki Mi Gi Ti Pi Ei; cpu: cpu vcpu mcpu; duration: ns us ms s min h d w");
  std::string_view meant = unit_meant(part.unit);
  if (meant.empty()) return;
  Help help{fmt::format("write `{}{}`", part.digits, meant), {}};
  SourceSpan at{number.span().end - static_cast<std::uint32_t>(part.unit.size()), number.span().end};
  if (last) help.fix = Fix{at, std::string(meant), FixSafety::safe};
  made.helps.push_back(std::move(help));
}

constexpr Quantity::Nanos nanos_in_minute = 60'000'000'000;
constexpr Quantity::Nanos nanos_in_milli = 1'000'000;

}  // namespace

Lowered Lowering::number(NodeRef node, TypePtr expected) {
  std::vector<NumberPart> parts = number_parts(node);
  if (!parts.front().unit.empty()) return unit_number(node, expected);
  const std::string& digits = parts.front().digits;
  TypePtr wanted = bare(expected);
  if (auto missing = wanted != nullptr ? unit_wording(wanted->kind) : std::nullopt) {
    error(DiagnosticCode::type_mismatch,
          fmt::format("expected `{}`, found a plain number", to_string(*wanted)), node.span(),
          std::string(missing->why))
        .helps.push_back({fmt::format(fmt::runtime(missing->remedy), digits), {}});
    return failed(node.span());
  }
  const char* end = digits.data() + digits.size();
  std::int64_t integer = 0;
  if (!is_fraction(digits)) {
    auto [stop, problem] = std::from_chars(digits.data(), end, integer);
    if (problem == std::errc() && stop == end)
      return constant(Value::integer(integer), session_.basic(TypeKind::integer), node.span());
    error(DiagnosticCode::arithmetic, "an int has 64 bits: this number is too large", node.span());
    return failed(node.span());
  }
  // A fraction of a count is exact, a float is not.
  if (wanted != nullptr && wanted->kind == TypeKind::quantity) {
    if (auto nanos = scaled(digits, Quantity::whole(1).nanos()))
      return constant(Value::quantity({*nanos, SuffixFamily::decimal}), session_.basic(wanted->kind),
                      node.span());
  }
  double floating = 0;
  std::from_chars(digits.data(), end, floating);
  return constant(Value::floating(floating), session_.basic(TypeKind::floating), node.span());
}

Lowered Lowering::unit_number(NodeRef node, TypePtr expected) {
  std::optional<Dimension> wanted = wanted_dimension(expected);
  std::optional<Dimension> dimension;
  SuffixFamily family = SuffixFamily::decimal;
  Quantity::Nanos total = 0;
  std::vector<NumberPart> parts = number_parts(node);
  for (const NumberPart& part : parts) {
    const Unit* unit = find_unit(part.unit);
    if (unit == nullptr) {
      unknown_unit(session_, node, part, &part == &parts.back());
      return failed(node.span());
    }
    Dimension measured = unit->dimension;
    Quantity::Nanos scale = unit->scale;
    if (measured == Dimension::ambiguous_m) {
      // Behind hours `m` can only be minutes.
      if (!wanted || wanted == Dimension::bytes) wanted = dimension;
      if (!wanted || wanted == Dimension::bytes) {
        Diagnostic& made = error(DiagnosticCode::ambiguous_unit, "`m` can mean minutes or milli here",
                                 node.span(), "no type decides between `duration` and `cpu`");
        made.helps.push_back({fmt::format("write `{0}min` or `{0}mcpu`", part.digits), {}});
        return failed(node.span());
      }
      measured = *wanted;
      scale = measured == Dimension::duration ? nanos_in_minute : nanos_in_milli;
    }
    auto value = scaled(part.digits, scale);
    if (!value || (dimension && *dimension != measured)) {
      error(DiagnosticCode::arithmetic,
            value ? "the units do not measure the same" : "the number is too large or not exact",
            node.span());
      return failed(node.span());
    }
    dimension = measured;
    family = unit->family;
    total += *value;
  }
  if (*dimension == Dimension::bytes && total % Quantity::whole(1).nanos() != 0) {
    error(DiagnosticCode::arithmetic, "this is no whole number of bytes", node.span());
    return failed(node.span());
  }
  TypePtr type = session_.basic(kind_of(*dimension));
  if (*dimension != Dimension::duration) return constant(Value::quantity({total, family}), type, node.span());
  if (total > INT64_MAX) {
    error(DiagnosticCode::arithmetic, "a duration is at most 292 years", node.span());
    return failed(node.span());
  }
  return constant(Value::duration({static_cast<std::int64_t>(total)}), type, node.span());
}

Lowered Lowering::text(NodeRef node) {
  TypePtr string = session_.basic(TypeKind::string);
  if (std::optional<std::string_view> plain = plain_text(node))
    return constant(Value::string(*plain), string, node.span());
  std::vector<StringPart> parts = string_parts(node);
  if (parts.empty()) return constant(Value::string(""), string, node.span());
  if (parts.size() == 1 && !parts.front().expression)
    return constant(Value::string(parts.front().text), string, node.span());
  Expr& made = arena_.make(ExprKind::interpolation, node.span());
  made.type = string;
  bool bad = false;
  for (const StringPart& part : parts) {
    if (!part.expression) {
      made.children.push_back(expr(constant(Value::string(part.text), string, node.span())));
      continue;
    }
    Lowered piece = lower(part.expression);
    bad = bad || piece.failed;
    if (piece.failed) continue;
    TypePtr type = piece.type;
    if (type != nullptr && type->kind == TypeKind::secret) {
      made.type = types_.secret(string);
      type = type->element;
    }
    bool absent = piece.is_null() || (type != nullptr && type->kind == TypeKind::optional);
    bool compound = type != nullptr && (type->kind == TypeKind::list || type->kind == TypeKind::set ||
                                        type->kind == TypeKind::map || type->kind == TypeKind::record ||
                                        type->kind == TypeKind::reference || type->kind == TypeKind::blob);
    if (absent) {
      error(DiagnosticCode::may_be_absent,
            fmt::format("`{}` may be absent", session_.input.sources.text(piece.span)), piece.span)
          .helps.push_back({"give it a text: `${x ?? \"\"}`", {}});
    } else if (compound) {
      error(DiagnosticCode::type_mismatch, fmt::format("`{}` has no text form", to_string(*type)),
            piece.span);
    }
    bad = bad || absent || compound;
    made.children.push_back(expr(piece));
  }
  return bad ? failed(node.span()) : make(made);
}

Lowered Lowering::list_item(NodeRef node, TypePtr element, bool set) {
  bool spread = node.is(NodeKind::spread_element);
  bool wrapped = spread || node.is(NodeKind::element);
  Place::Mark mark = place_.mark();
  NodeRef guard = wrapped ? node.child(NodeKind::if_clause) : NodeRef();
  const Expr* condition_expr = guard ? condition(guard.value()) : nullptr;
  if (guard) place_.narrow(guard.value());
  TypePtr expected = element;
  if (spread && element != nullptr) expected = set ? nullptr : types_.list(element);
  Lowered value = lower(wrapped ? node.value() : node, expected);
  place_.release(mark);
  if (!wrapped || value.failed) return value;
  if (spread && value.type != nullptr) {
    bool sequence = value.type->kind == TypeKind::list || value.type->kind == TypeKind::set ||
                    value.type->kind == TypeKind::json;
    if (!sequence) return mismatch(value, types_.list(known(types_, element)));
  }
  Expr& made = arena_.make(spread ? ExprKind::spread : ExprKind::guarded, node.span());
  made.children.push_back(expr(value));
  if (condition_expr != nullptr) made.children.push_back(condition_expr);
  made.type = value.type;
  if (spread && value.type != nullptr) made.type = value.type->element;
  return make(made);
}

Lowered Lowering::list(NodeRef node, TypePtr expected) {
  TypePtr wanted = bare(expected);
  bool sequence = wanted != nullptr && (wanted->kind == TypeKind::list || wanted->kind == TypeKind::set);
  bool json = wanted != nullptr && wanted->kind == TypeKind::json;
  bool is_set = sequence && wanted->kind == TypeKind::set;
  TypePtr element = sequence ? wanted->element : json ? wanted : nullptr;
  // In a `secret<list<…>>` every item may be one.
  if (element != nullptr && is_secret(expected) && !is_secret(element)) element = types_.secret(element);
  std::vector<Lowered> items;
  bool all_constant = true;
  bool bad = false;
  TypePtr common = element;
  for (NodeRef child : node.children()) {
    Lowered item = list_item(child, element, is_set);
    bad = bad || item.failed;
    all_constant = all_constant && item.is_constant();
    if (element == nullptr) common = items.empty() ? item.type : common_type(types_, common, item.type);
    items.push_back(std::move(item));
  }
  if (bad) return failed(node.span());
  // What holds for the items together (keys, their number) is seen once the list is there.
  bool look = sequence && (is_set || !wanted->keys.empty() || wanted->facets.min || wanted->facets.max);
  TypePtr type = types_.list(known(types_, common));
  if (json) type = wanted;
  if (sequence) type = look ? types_.list(wanted->element) : wanted;
  if (all_constant) {
    std::vector<Value> values;
    values.reserve(items.size());
    for (Lowered& item : items) values.push_back(std::move(item.constant));
    return constant(Value::list(std::move(values)), look ? nullptr : type, node.span());
  }
  Expr& made = arena_.make(ExprKind::list, node.span());
  made.type = type;
  for (const Lowered& item : items) made.children.push_back(expr(item));
  return make(made);
}

Lowered Lowering::list_comprehension(NodeRef node, TypePtr expected) {
  TypePtr wanted = bare(expected);
  bool sequence = wanted != nullptr && (wanted->kind == TypeKind::list || wanted->kind == TypeKind::set);
  Place::Mark mark = place_.mark();
  Expr& made = arena_.make(ExprKind::list_comprehension, node.span());
  TypePtr collection = nullptr;
  made.children.push_back(each(node.child(NodeKind::each_clause), made.variables, made.slot, collection));
  NodeRef guard = node.child(NodeKind::if_clause);
  const Expr* condition_expr = guard ? condition(guard.value()) : nullptr;
  if (guard) place_.narrow(guard.value());
  TypePtr wanted_element = sequence ? wanted->element : nullptr;
  if (sequence && is_secret(expected) && !is_secret(wanted_element))
    wanted_element = types_.secret(wanted_element);
  Lowered element = lower(node.value(), wanted_element);
  place_.release(mark);
  if (element.failed) return failed(node.span());
  made.children.push_back(expr(element));
  if (condition_expr != nullptr) made.children.push_back(condition_expr);
  made.type = types_.list(known(types_, sequence ? wanted->element : element.type));
  return make(made);
}

}  // namespace carbon
