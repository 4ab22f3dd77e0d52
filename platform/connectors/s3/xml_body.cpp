#include "platform/connectors/s3/xml_body.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <pugixml.hpp>
#include <sstream>
#include <vector>

#include "base/utf8.h"
#include "base/value_json.h"

namespace carbon {

namespace {

constexpr std::size_t most_bytes = std::size_t{8} << 20;
constexpr int deepest = 32;
constexpr const char* name_space = "http://s3.amazonaws.com/doc/2006-03-01/";

tl::unexpected<Error> bad_xml(std::string_view why) {
  return fail(DiagnosticCode::bad_reply, fmt::format("the reply is no XML that carbon reads: {}", why));
}

/// Where what begins at `from` ends, behind `end`; npos where it does not.
std::size_t behind(std::string_view text, std::size_t from, std::string_view end) {
  std::size_t found = text.find(end, from);
  return found == std::string_view::npos ? found : found + end.size();
}

/// Behind the `>` of a tag, past values in quotes.
std::size_t behind_tag(std::string_view text, std::size_t from) {
  char quote = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    char c = text[i];
    if (quote == 0 && c == '>') return i + 1;
    if (quote == 0 && (c == '"' || c == '\''))
      quote = c;
    else if (c == quote)
      quote = 0;
  }
  return std::string_view::npos;
}

/// Before the parser sees it: the parser takes any size, and its trees are freed by recursion.
Status within_limits(std::string_view text) {
  if (text.size() > most_bytes) return bad_xml("it has more than 8 MiB");
  int depth = 0;
  std::size_t at = text.find('<');
  while (at != std::string_view::npos) {
    std::string_view rest = text.substr(at);
    std::size_t end = std::string_view::npos;
    if (rest.starts_with("<!--")) {
      end = behind(text, at + 4, "-->");
    } else if (rest.starts_with("<![CDATA[")) {
      end = behind(text, at, "]]>");
    } else if (rest.starts_with("<?")) {
      end = behind(text, at, "?>");
    } else if (rest.starts_with("<!")) {
      return bad_xml("it has a document type");
    } else {
      end = behind_tag(text, at);
      bool closes = rest.starts_with("</");
      bool alone = end != std::string_view::npos && text[end - 2] == '/';
      if (closes) --depth;
      if (!closes && !alone) ++depth;
      if (depth > deepest) return bad_xml(fmt::format("it is more than {} elements deep", deepest));
    }
    if (end == std::string_view::npos) return bad_xml("it ends in the middle");
    at = text.find('<', end);
  }
  return {};
}

std::string_view name_without_prefix(const pugi::xml_node& node) {
  std::string_view name = node.name();
  std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

Result<Value> value_of_element(const pugi::xml_node& element) {
  std::map<std::string_view, std::vector<Value>> below;
  std::string text;
  for (const pugi::xml_node& child : element.children()) {
    if (child.type() == pugi::node_element) {
      Value value = CARBON_TRY(value_of_element(child));
      below[name_without_prefix(child)].push_back(std::move(value));
    }
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  }
  // `&#xD800;` names no character, and the parser makes bytes of it all the same.
  if (utf8::first_invalid(text) != std::string_view::npos)
    return bad_xml("it has a reference to no character");
  if (below.empty()) return text.empty() ? Value() : Value::string(text);
  std::vector<Entry> entries;
  for (auto& [name, values] : below) {
    bool once = values.size() == 1;
    entries.push_back({Value::string(name), once ? values.front() : Value::list(std::move(values))});
  }
  return Value::map(std::move(entries));
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

bool is_element_name(std::string_view name) {
  return !name.empty() && is_letter(name.front()) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
}

Result<std::string> element_text(const Value& value) {
  if (value.is_string()) {
    bool control = std::any_of(value.text().begin(), value.text().end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
    });
    if (control) return fail(DiagnosticCode::type_mismatch, "a control character has no place in XML");
    return std::string(value.text());
  }
  bool scalar = value.kind() == ValueKind::integer || value.kind() == ValueKind::boolean ||
                value.kind() == ValueKind::decimal;
  if (scalar) return to_json(value);
  return fail(DiagnosticCode::type_mismatch, "only text, numbers and truths have a text in XML");
}

Status add_element(pugi::xml_node parent, std::string_view name, const Value& value);

Status add_items(pugi::xml_node parent, std::string_view name, const Value& list) {
  for (const Value& item : list.items()) {
    if (item.is_sequence()) return fail(DiagnosticCode::type_mismatch, "XML has no list of lists");
    CARBON_CHECK(add_element(parent, name, item));
  }
  return {};
}

Status add_element(pugi::xml_node parent, std::string_view name, const Value& value) {
  if (value.is_null()) return {};
  if (value.is_sequence()) return add_items(parent, name, value);
  if (!is_element_name(name))
    return fail(DiagnosticCode::type_mismatch, fmt::format("`{}` is no name of an XML element", name));
  pugi::xml_node made = parent.append_child(std::string(name).c_str());
  if (value.is_fields()) {
    for (const Entry& entry : value.entries()) CARBON_CHECK(add_element(made, entry.key.text(), entry.value));
    return {};
  }
  std::string text = CARBON_TRY(element_text(value));
  made.append_child(pugi::node_pcdata).set_value(text.c_str());
  return {};
}

}  // namespace

Result<Value> parse_xml(std::string_view text) {
  CARBON_CHECK(within_limits(text));
  if (utf8::first_invalid(text) != std::string_view::npos) return bad_xml("it is no UTF-8 text");
  constexpr unsigned int options =
      pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol | pugi::parse_ws_pcdata_single;
  pugi::xml_document document;
  pugi::xml_parse_result parsed =
      document.load_buffer(text.data(), text.size(), options, pugi::encoding_utf8);
  if (!parsed) return bad_xml(fmt::format("{} at byte {}", parsed.description(), parsed.offset));
  pugi::xml_node root = document.document_element();
  if (!root || root.next_sibling()) return bad_xml("it has no one root");
  Value value = CARBON_TRY(value_of_element(root));
  return Value::map({{Value::string(name_without_prefix(root)), std::move(value)}});
}

Result<std::string> to_xml(const Value& value) {
  if (!value.is_fields() || value.entries().size() != 1)
    return fail(DiagnosticCode::type_mismatch, "an XML body is a record with one member, its root");
  const Entry& root = value.entries().front();
  pugi::xml_document document;
  if (root.value.is_sequence()) return fail(DiagnosticCode::type_mismatch, "an XML body has one root");
  // A root of which nothing is said is an empty element all the same.
  CARBON_CHECK(add_element(document, root.key.text(), root.value.is_null() ? Value::map({}) : root.value));
  document.document_element().append_attribute("xmlns") = name_space;
  std::ostringstream out;
  document.save(out, "", pugi::format_raw, pugi::encoding_utf8);
  return std::move(out).str();
}

bool looks_like_xml(const std::string* content_type, std::string_view body) {
  if (content_type != nullptr) return content_type->find("xml") != std::string::npos;
  return body.starts_with("<");
}

}  // namespace carbon
