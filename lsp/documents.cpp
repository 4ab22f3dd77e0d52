#include "lsp/documents.h"

#include <fmt/core.h>

#include <algorithm>

#include "lsp/json.h"
#include "lsp/uri.h"

namespace carbon::lsp {

namespace {

std::uint32_t coordinate(const Value& position, std::string_view name) {
  constexpr std::int64_t largest = UINT32_MAX;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(json::int_at(position, {name}, 0), 0, largest));
}

}  // namespace

Position read_position(const Value& position) {
  return {coordinate(position, "line"), coordinate(position, "character")};
}

Range read_range(const Value& range) {
  return {read_position(json::at(range, {"start"})), read_position(json::at(range, {"end"}))};
}

std::string Documents::open(const Value& parameters) {
  Document made;
  made.uri = json::text_at(parameters, {"textDocument", "uri"});
  made.version = json::int_at(parameters, {"textDocument", "version"}, 0);
  made.text = json::text_at(parameters, {"textDocument", "text"});
  std::optional<std::string> path = path_of_uri(made.uri);
  if (!path) return fmt::format("`{}` is no file and is not looked at", made.uri);
  made.path = canonical_(*path);
  std::string uri = made.uri;
  open_.insert_or_assign(std::move(uri), std::move(made));
  return "";
}

std::string Documents::change(const Value& parameters) {
  std::string uri = json::text_at(parameters, {"textDocument", "uri"});
  auto found = open_.find(uri);
  if (found == open_.end()) return fmt::format("an edit of `{}`, which is not open, is dropped", uri);
  Document& document = found->second;
  std::int64_t version = json::int_at(parameters, {"textDocument", "version"}, document.version + 1);
  if (version <= document.version) {
    return fmt::format("an edit to version {} of `{}` is dropped: version {} is known", version, uri,
                       document.version);
  }
  document.version = version;
  for (const Value& change : json::items_at(parameters, {"contentChanges"})) {
    std::string text = json::text_at(change, {"text"});
    const Value& range = json::at(change, {"range"});
    if (range.is_null()) {
      document.text = std::move(text);
      continue;
    }
    TextLines lines(document.text, encoding_);
    Range written = read_range(range);
    std::size_t begin = lines.offset(written.start);
    std::size_t end = std::max(begin, lines.offset(written.end));
    document.text.replace(begin, end - begin, text);
  }
  return "";
}

std::string Documents::close(const Value& parameters) {
  std::string uri = json::text_at(parameters, {"textDocument", "uri"});
  return open_.erase(uri) != 0 ? "" : fmt::format("`{}` is closed and was not open", uri);
}

const Document* Documents::find(std::string_view uri) const {
  auto found = open_.find(uri);
  return found == open_.end() ? nullptr : &found->second;
}

const Document* Documents::at_path(std::string_view path) const {
  auto found =
      std::find_if(open_.begin(), open_.end(), [&](const auto& each) { return each.second.path == path; });
  return found == open_.end() ? nullptr : &found->second;
}

std::string Documents::uri_of(const std::string& path) const {
  const Document* document = at_path(path);
  return document != nullptr ? document->uri : uri_of_path(path);
}

}  // namespace carbon::lsp
