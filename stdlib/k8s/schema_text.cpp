#include "stdlib/k8s/schema_text.h"

#include <algorithm>

#include "stdlib/k8s/schema_data.h"

namespace carbon {

namespace {

/// Takes what stands before the first `end` (or everything), and removes it and the separator.
std::string_view take_until(std::string_view& rest, std::string_view end) {
  std::size_t at = rest.find(end);
  std::string_view taken = rest.substr(0, at);
  rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + end.size());
  return taken;
}

/// Splits `WORDS | DOC`; gives DOC and leaves WORDS.
std::string_view take_doc(std::string_view& line) {
  std::string_view doc = line;
  line = take_until(doc, " | ");
  return doc;
}

SchemaField read_field(std::string_view line) {
  SchemaField field;
  field.doc = take_doc(line);
  field.name = take_until(line, " ");
  field.required = field.name.ends_with('!');
  if (field.required) field.name.remove_suffix(1);
  field.type = take_until(line, " ");
  if (line.starts_with('~')) {
    std::string_view patch = take_until(line, " ").substr(1);
    field.patch_strategy = take_until(patch, ":");
    field.merge_key = patch;
  }
  if (line.starts_with('=')) field.default_json = line.substr(1);
  return field;
}

std::string_view name_at(std::string_view text, std::uint32_t offset) {
  return text.substr(offset, text.find_first_of(" \n", offset) - offset);
}

}  // namespace

std::optional<SchemaRecord> find_schema(std::string_view name) {
  SchemaBlob blob = schema_blob();
  auto found = std::lower_bound(
      blob.index.begin(), blob.index.end(), name,
      [&](std::uint32_t offset, std::string_view wanted) { return name_at(blob.text, offset) < wanted; });
  if (found == blob.index.end() || name_at(blob.text, *found) != name) return std::nullopt;

  std::string_view rest = blob.text.substr(*found);
  std::string_view lines = take_until(rest, "\n\n");
  SchemaRecord record;
  std::string_view head = take_until(lines, "\n");
  record.doc = take_doc(head);
  record.name = take_until(head, " ");
  record.atomic = head == "atomic";
  while (!lines.empty()) record.fields.push_back(read_field(take_until(lines, "\n").substr(1)));
  return record;
}

SchemaTypeText split_schema_type(std::string_view type) {
  std::size_t open = type.find('<');
  if (open != std::string_view::npos) {
    std::size_t close = type.rfind('>');
    return {type.substr(0, open), type.substr(open + 1, close - open - 1), type.substr(close + 1)};
  }
  if (type.ends_with('+')) return {type.substr(0, type.size() - 1), {}, type.substr(type.size() - 1)};
  return {type, {}, {}};
}

std::vector<std::string_view> schema_list_keys(std::string_view tail) {
  std::vector<std::string_view> keys;
  if (!tail.starts_with('(')) return keys;
  tail = tail.substr(1, tail.size() - 2);
  while (!tail.empty()) keys.push_back(take_until(tail, ","));
  return keys;
}

}  // namespace carbon
