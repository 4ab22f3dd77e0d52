#include "dsl/schema/schema_files.h"

#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>

#include "dsl/schema/schema.h"

namespace carbon {

namespace {

/// Values of these are data, and a `$ref` in them is none.
constexpr std::array<std::string_view, 5> data_keywords{"const", "default", "enum", "example", "examples"};

/// The keys in these are names, whatever they read like: a property may be called `default`.
constexpr std::array<std::string_view, 6> naming_keywords{
    "$defs", "definitions", "dependentSchemas", "patternProperties", "properties", "schemas"};

enum class Keys : bool { keywords, names };

template <class Words>
bool is_listed(std::string_view word, const Words& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// `%41` to `A` (RFC 3986, section 2.1); what is no escape stays.
std::string percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned byte = 0;
    bool escape = text[at] == '%' && at + 2 < text.size();
    const char* end = text.data() + at + 3;
    if (escape && std::from_chars(text.data() + at + 1, end, byte, 16).ptr == end) {
      out.push_back(static_cast<char>(byte));
      at += 2;
    } else {
      out.push_back(text[at]);
    }
  }
  return out;
}

std::string absolute(std::string_view file, std::string_view reference) {
  std::size_t hash = std::min(reference.find('#'), reference.size());
  std::string path = percent_decoded(reference.substr(0, hash));
  std::string_view fragment = reference.substr(std::min(hash + 1, reference.size()));
  bool shaped =
      path.find(':') == std::string::npos && path.find('\\') == std::string::npos && !path.starts_with('/');
  std::string target = path.empty() ? std::string(file) : resolve_import_path(file, path);
  if (!shaped || target.empty()) return fmt::format("!{}", reference);
  return fmt::format("/{}#{}", target, fragment);
}

/// Calls `each` with the absolute form of every `$ref` of a file, and gives the value with it in its place.
template <class Each>
Value with_absolute(std::string_view file, const Value& value, Keys keys, const Each& each) {
  if (value.is_sequence()) {
    std::vector<Value> items;
    for (const Value& item : value.items()) items.push_back(with_absolute(file, item, Keys::keywords, each));
    return Value::list(std::move(items));
  }
  if (!value.is_fields()) return value;
  std::vector<Entry> entries;
  for (const Entry& entry : value.entries()) {
    std::string_view key = entry.key.text();
    bool keyword = keys == Keys::keywords;
    if (keyword && key == "$ref" && entry.value.is_string()) {
      std::string made = absolute(file, entry.value.text());
      each(made);
      entries.push_back({entry.key, Value::string(made)});
    } else if (keyword && is_listed(key, data_keywords)) {
      entries.push_back(entry);
    } else {
      Keys inside = keyword && is_listed(key, naming_keywords) ? Keys::names : Keys::keywords;
      entries.push_back({entry.key, with_absolute(file, entry.value, inside, each)});
    }
  }
  return Value::map(std::move(entries));
}

/// One step of a JSON pointer (RFC 6901).
const Value* stepped(const Value& value, std::string_view step) {
  if (value.is_fields()) {
    std::string name;
    for (std::size_t at = 0; at < step.size(); ++at) {
      bool escape = step[at] == '~' && at + 1 < step.size() && (step[at + 1] == '0' || step[at + 1] == '1');
      name.push_back(escape ? (step[++at] == '0' ? '~' : '/') : step[at]);
    }
    return value.find(name);
  }
  if (!value.is_sequence()) return nullptr;
  std::size_t index = 0;
  auto [end, error] = std::from_chars(step.data(), step.data() + step.size(), index);
  bool whole = error == std::errc() && end == step.data() + step.size() && index < value.items().size();
  return whole ? &value.items()[index] : nullptr;
}

}  // namespace

const Value* SchemaFiles::documents(const std::string& path) {
  if (auto known = absolute_.find(path); known != absolute_.end()) return &known->second;
  auto found = data_.find({path, DataType::schema});
  if (found == data_.end() || !found->second.is_sequence()) return nullptr;
  return &(absolute_[path] = with_absolute(path, found->second, Keys::keywords, [](const std::string&) {}));
}

Result<Value> SchemaFiles::resolve(std::string_view reference) {
  if (reference.starts_with('!')) {
    return fail(Error(DiagnosticCode::import_path,
                      fmt::format("`$ref: {}` leads out of the package", reference.substr(1)))
                    .help("put a copy of the file into the package and name it by a relative path"));
  }
  std::size_t hash = reference.find('#');
  if (!reference.starts_with('/') || hash == std::string_view::npos)
    return fail(DiagnosticCode::bad_import_data,
                fmt::format("`$ref: {}` stands where data are expected", reference));
  std::string path(reference.substr(1, hash - 1));
  std::string pointer = percent_decoded(reference.substr(hash + 1));
  const Value* file = documents(path);
  if (file == nullptr || file->items().size() != 1)
    return fail(DiagnosticCode::bad_import_data,
                fmt::format("`$ref` to `{}`, which is no schema file", path));
  if (!pointer.empty() && pointer.front() != '/') {
    return fail(Error(DiagnosticCode::bad_import_data, fmt::format("`$ref` to the anchor `#{}`", pointer))
                    .help("write the way to it instead: `#/$defs/NAME`"));
  }
  const Value* found = &file->items().front();
  std::string_view rest = pointer;
  while (found != nullptr && !rest.empty()) {
    rest.remove_prefix(1);
    std::string_view step = rest.substr(0, rest.find('/'));
    found = stepped(*found, step);
    rest.remove_prefix(step.size());
  }
  if (found == nullptr)
    return fail(DiagnosticCode::bad_import_data,
                fmt::format("`$ref` to `#{}`, which is not in `{}`", pointer, path));
  return *found;
}

std::vector<std::string> schema_references(std::string_view path, const Value& documents) {
  std::set<std::string> files;
  (void)with_absolute(path, documents, Keys::keywords, [&](const std::string& reference) {
    if (!reference.starts_with('!')) files.insert(reference.substr(1, reference.find('#') - 1));
  });
  files.erase(std::string(path));
  return {files.begin(), files.end()};
}

}  // namespace carbon
