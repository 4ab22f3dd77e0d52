#include <algorithm>
#include <charconv>
#include <vector>

#include "base/value.h"

namespace carbon {

namespace {

template <class T>
int three_way(const T& a, const T& b) {
  return a < b ? -1 : (b < a ? 1 : 0);
}

/// Kinds that are compared with each other share a rank.
int rank(ValueKind kind) {
  switch (kind) {
    case ValueKind::null: return 0;
    case ValueKind::boolean: return 1;
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::decimal: return 2;
    case ValueKind::string: return 3;
    case ValueKind::blob: return 4;
    case ValueKind::quantity: return 5;
    case ValueKind::duration: return 6;
    case ValueKind::list: return 7;
    case ValueKind::set: return 8;
    case ValueKind::map:
    case ValueKind::record: return 9;
    case ValueKind::reference: return 10;
    case ValueKind::secret: return 11;
    case ValueKind::unknown: return 12;
  }
  return 13;
}

double number(const Value& value) {
  if (value.kind() == ValueKind::integer) return static_cast<double>(value.as_int());
  if (value.kind() == ValueKind::floating) return value.as_float();
  double parsed = 0;
  std::string_view text = value.text();
  std::from_chars(text.data(), text.data() + text.size(), parsed);
  return parsed;
}

int compare_numbers(const Value& a, const Value& b) {
  if (a.kind() == ValueKind::integer && b.kind() == ValueKind::integer)
    return three_way(a.as_int(), b.as_int());
  bool both_decimal = a.kind() == ValueKind::decimal && b.kind() == ValueKind::decimal;
  if (both_decimal && a.text() == b.text()) return 0;
  // Two decimals that only differ beyond a double's precision are told apart by their text.
  if (int order = three_way(number(a), number(b)); order != 0 || !both_decimal) return order;
  auto exact_a = Quantity::parse(a.text());
  auto exact_b = Quantity::parse(b.text());
  if (exact_a && exact_b) return three_way(exact_a->nanos(), exact_b->nanos());
  return three_way(a.text(), b.text());
}

int compare_items(std::span<const Value> a, std::span<const Value> b) {
  for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    if (int order = compare(a[i], b[i]); order != 0) return order;
  }
  return three_way(a.size(), b.size());
}

std::vector<const Entry*> sorted(const Value& value) {
  std::vector<const Entry*> all;
  for (const Entry& entry : value.entries()) all.push_back(&entry);
  if (value.kind() == ValueKind::record) {
    std::sort(all.begin(), all.end(),
              [](const Entry* a, const Entry* b) { return a->key.text() < b->key.text(); });
  }
  return all;
}

int compare_fields(const Value& a, const Value& b) {
  if (a.entries().size() != b.entries().size()) return three_way(a.entries().size(), b.entries().size());
  std::vector<const Entry*> left = sorted(a);
  std::vector<const Entry*> right = sorted(b);
  for (std::size_t i = 0; i < left.size(); ++i) {
    if (int order = three_way(left[i]->key.text(), right[i]->key.text()); order != 0) return order;
    if (int order = compare(left[i]->value, right[i]->value); order != 0) return order;
  }
  return 0;
}

int compare_terms(const OpenTerm& a, const OpenTerm& b) {
  if (int order = three_way(a.function, b.function); order != 0) return order;
  return compare_items(a.arguments, b.arguments);
}

}  // namespace

int compare(const Value& a, const Value& b) {
  if (int order = three_way(rank(a.kind()), rank(b.kind())); order != 0) return order;
  switch (a.kind()) {
    case ValueKind::null: return 0;
    case ValueKind::boolean: return three_way(a.as_bool(), b.as_bool());
    case ValueKind::integer:
    case ValueKind::floating:
    case ValueKind::decimal: return compare_numbers(a, b);
    case ValueKind::string:
    case ValueKind::blob:
    case ValueKind::reference: return three_way(a.text(), b.text());
    case ValueKind::quantity: return three_way(a.as_quantity().nanos(), b.as_quantity().nanos());
    case ValueKind::duration: return three_way(a.as_duration(), b.as_duration());
    case ValueKind::list:
    case ValueKind::set: return compare_items(a.items(), b.items());
    case ValueKind::map:
    case ValueKind::record: return compare_fields(a, b);
    case ValueKind::secret:
    case ValueKind::unknown: return compare_terms(a.term(), b.term());
  }
  return 0;
}

bool operator==(const Value& a, const Value& b) { return compare(a, b) == 0; }

}  // namespace carbon
