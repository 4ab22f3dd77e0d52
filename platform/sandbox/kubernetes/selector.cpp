#include "platform/sandbox/kubernetes/selector.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <algorithm>
#include <array>
#include <utility>

#include "base/value_json.h"
#include "platform/sandbox/kubernetes/name_syntax.h"
#include "platform/sandbox/kubernetes/object_edit.h"

namespace carbon::sandbox {

namespace {

/// Words and signs of a selector.
struct Token {
  enum class Kind : std::uint8_t {
    word,
    equal,
    not_equal,
    bang,
    open,
    close,
    comma,
    other,
    end
  } kind = Kind::end;
  std::string text;
};

std::vector<Token> tokens_of(std::string_view text) {
  using Kind = Token::Kind;
  std::vector<Token> tokens;
  std::size_t i = 0;
  auto sign = [&](Kind kind, std::size_t length) {
    tokens.push_back({kind, std::string(text.substr(i, length))});
    i += length;
  };
  while (i < text.size()) {
    char c = text[i];
    if (c == ' ') {
      ++i;
    } else if (c == '=' || c == '!') {
      bool two = i + 1 < text.size() && text[i + 1] == '=';
      Kind kind = c == '=' ? Kind::equal : two ? Kind::not_equal : Kind::bang;
      sign(kind, two ? 2 : 1);
    } else if (c == '(' || c == ')' || c == ',') {
      sign(c == '(' ? Kind::open : c == ')' ? Kind::close : Kind::comma, 1);
    } else if (c == '<' || c == '>') {
      sign(Kind::other, 1);
    } else {
      std::size_t end = std::min(text.find_first_of(" =!(),<>", i), text.size());
      sign(Kind::word, end - i);
    }
  }
  tokens.push_back({Kind::end, ""});
  return tokens;
}

ApiStatus unparsable(std::string_view found, std::string_view expected) {
  return bad_request(fmt::format("unable to parse requirement: found '{}', expected: {}", found, expected));
}

}  // namespace

ApiResult<LabelSelector> LabelSelector::parse(std::string_view text) {
  using Kind = Token::Kind;
  LabelSelector selector;
  std::vector<Token> tokens = tokens_of(text);
  std::size_t at = 0;
  while (tokens[at].kind != Kind::end) {
    Requirement need;
    bool bang = tokens[at].kind == Kind::bang;
    if (bang) ++at;
    if (tokens[at].kind != Kind::word) return refuse(unparsable(tokens[at].text, "identifier"));
    need.key = tokens[at++].text;
    if (std::string why = qualified_name_error(need.key); !why.empty()) {
      return refuse(bad_request(fmt::format("unable to parse requirement: <nil>: Invalid value: {}: {}",
                                            json_quote(need.key), why)));
    }
    if (bang) {
      need.op = Operator::absent;
    } else if (tokens[at].kind == Kind::equal || tokens[at].kind == Kind::not_equal) {
      need.op = tokens[at++].kind == Kind::equal ? Operator::in : Operator::not_in;
      if (tokens[at].kind == Kind::word) {
        need.values.push_back(tokens[at++].text);
      } else if (tokens[at].kind == Kind::comma || tokens[at].kind == Kind::end) {
        need.values.emplace_back();
      } else {
        return refuse(unparsable(tokens[at].text, "identifier"));
      }
    } else if (tokens[at].kind == Kind::word) {
      if (tokens[at].text != "in" && tokens[at].text != "notin")
        return refuse(unparsable(tokens[at].text, "in, notin, =, ==, !=, gt, lt"));
      need.op = tokens[at++].text == "in" ? Operator::in : Operator::not_in;
      if (tokens[at++].kind != Kind::open) return refuse(unparsable(tokens[at - 1].text, "'('"));
      while (tokens[at].kind == Kind::word || tokens[at].kind == Kind::comma) {
        if (tokens[at].kind == Kind::word) need.values.push_back(tokens[at].text);
        ++at;
      }
      if (tokens[at++].kind != Kind::close) return refuse(unparsable(tokens[at - 1].text, "',' or ')'"));
    } else if (tokens[at].kind == Kind::other) {
      return refuse(not_modelled("selectors with < or >"));
    }
    selector.requirements_.push_back(std::move(need));
    if (tokens[at].kind == Kind::end) break;
    if (tokens[at].kind != Kind::comma) return refuse(unparsable(tokens[at].text, "',' or 'end of string'"));
    ++at;
  }
  return selector;
}

bool LabelSelector::matches(const Value* labels) const {
  return std::ranges::all_of(requirements_, [&](const Requirement& need) {
    const Value* value = labels == nullptr ? nullptr : labels->find(need.key);
    bool listed = value != nullptr && value->is_string() &&
                  std::ranges::find(need.values, value->text()) != need.values.end();
    switch (need.op) {
      case Operator::in: return listed;
      case Operator::not_in: return !listed;
      case Operator::exists: return value != nullptr;
      case Operator::absent: return value == nullptr;
    }
    return false;
  });
}

namespace {

struct IndexedFields {
  std::string_view storage;
  std::vector<std::string_view> fields;
};

/// Fields that a kind can be selected by besides its name (each kind's SelectableFields).
const std::array<IndexedFields, 8>& indexed_fields() {
  static const std::array<IndexedFields, 8> table{{
      {"pods",
       {"spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
        "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"}},
      {"namespaces", {"status.phase"}},
      {"nodes", {"spec.unschedulable"}},
      {"secrets", {"type"}},
      {"services", {"spec.clusterIP", "spec.type"}},
      {"replicasets.apps", {"status.replicas"}},
      {"jobs.batch", {"status.successful"}},
      {"events",
       {"involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid",
        "involvedObject.apiVersion", "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason",
        "reportingComponent", "source", "type"}},
  }};
  return table;
}

bool is_indexed(std::string_view field, std::string_view storage) {
  if (field == "metadata.name" || field == "metadata.namespace") return true;
  return std::ranges::any_of(indexed_fields(), [&](const IndexedFields& row) {
    return row.storage == storage && std::ranges::find(row.fields, field) != row.fields.end();
  });
}

std::string field_text(const Value& object, std::string_view path) {
  const Value* place = &object;
  while (!path.empty()) {
    std::size_t dot = std::min(path.find('.'), path.size());
    place = at(*place, {path.substr(0, dot)});
    if (place == nullptr) return {};
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return place->is_string() ? std::string(place->text()) : to_json(*place);
}

}  // namespace

ApiResult<FieldSelector> FieldSelector::parse(std::string_view text, std::string_view storage) {
  FieldSelector selector;
  while (!text.empty()) {
    std::size_t comma = std::min(text.find(','), text.size());
    std::string_view term = text.substr(0, comma);
    text.remove_prefix(std::min(comma + 1, text.size()));
    if (term.empty()) continue;
    std::size_t sign = term.find('=');
    if (sign == std::string_view::npos) {
      return refuse(bad_request(fmt::format("invalid selector: '{}'; can't understand '{}'", term, term)));
    }
    bool equal = sign == 0 || term[sign - 1] != '!';
    std::string_view field = term.substr(0, equal ? sign : sign - 1);
    std::string_view value = term.substr(sign + 1);
    if (value.starts_with('=')) value.remove_prefix(1);
    if (!is_indexed(field, storage)) {
      return refuse(bad_request(fmt::format(
          "\"{}\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"", field)));
    }
    selector.terms_.push_back({std::string(field), std::string(value), equal});
  }
  return selector;
}

bool FieldSelector::matches(const Value& object) const {
  return std::ranges::all_of(
      terms_, [&](const Term& term) { return (field_text(object, term.field) == term.value) == term.equal; });
}

std::string_view FieldSelector::wanted_name() const {
  auto found = std::ranges::find_if(
      terms_, [](const Term& term) { return term.field == "metadata.name" && term.equal; });
  return found == terms_.end() ? std::string_view() : std::string_view(found->value);
}

namespace {

const Value* label_of(const Value* labels, std::string_view name) {
  return labels == nullptr ? nullptr : labels->find(name);
}

bool has_all(const Value& wanted, const Value* labels) {
  return std::ranges::all_of(wanted.entries(), [&](const Entry& entry) {
    const Value* label = label_of(labels, entry.key.text());
    return label != nullptr && *label == entry.value;
  });
}

bool expression_holds(const Value& expression, const Value* labels) {
  const Value* label = label_of(labels, text_at(expression, {"key"}));
  std::vector<Value> values = items_at(expression, {"values"});
  bool among = label != nullptr && std::ranges::find(values, *label) != values.end();
  std::string_view operation = text_at(expression, {"operator"});
  if (operation == "In") return among;
  if (operation == "NotIn") return !among;
  if (operation == "Exists") return label != nullptr;
  return label == nullptr;  // DoesNotExist, the last one that validation lets pass
}

}  // namespace

bool selects(const Value* selector, const Value* labels) {
  if (selector == nullptr || !selector->is_fields()) return false;
  const Value* wanted = at(*selector, {"matchLabels"});
  if (wanted != nullptr && wanted->is_fields() && !has_all(*wanted, labels)) return false;
  return std::ranges::all_of(items_at(*selector, {"matchExpressions"}),
                             [&](const Value& one) { return expression_holds(one, labels); });
}

bool labels_select(const Value* wanted, const Value* labels) {
  return wanted != nullptr && wanted->is_fields() && !wanted->entries().empty() && has_all(*wanted, labels);
}

}  // namespace carbon::sandbox
