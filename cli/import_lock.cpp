#include "cli/import_lock.h"

#include <fmt/format.h>
#include <filesystem>

#include "cli/source_file.h"
#include "platform/secrets/secrets.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view heading =
    "# Written by `carbon check --lock`; `carbon check --locked` compares.\n";
constexpr std::size_t digest_size = 64;

using Digests = std::map<std::string, std::string>;

/// Names and texts of a package's files; empty when the path is none. Lengths keep apart what names and texts
/// alone would not.
std::string package_content(const LoadedPlatform& loaded, const std::string& path) {
  std::string content;
  for (const SourceMap::File& file : loaded.sources.files()) {
    if (fs::path(file.path).parent_path() != fs::path(path)) continue;
    content += fmt::format("{}:{}:{}:{}", file.path.size(), file.path, file.text.size(), file.text);
  }
  return content;
}

Result<Digests> digests_of(const LoadedPlatform& loaded) {
  OpenSslDigester digester{std::string()};
  Digests digests;
  for (const auto& [path, span] : loaded.imported) {
    std::string content = package_content(loaded, path);
    if (content.empty()) content = CARBON_TRY(read_source(fs::path(loaded.root) / path));
    digests[path] = digester.sha256_hex(content);
  }
  return digests;
}

/// The lines of a lock; nothing when a line is none.
std::optional<Digests> read_lock(std::string_view text) {
  Digests digests;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with('#')) continue;
    bool shaped = line.size() > digest_size + 2 && line.substr(digest_size, 2) == "  " &&
                  line.find_first_not_of("0123456789abcdef") == digest_size;
    if (!shaped) return std::nullopt;
    digests[std::string(line.substr(digest_size + 2))] = line.substr(0, digest_size);
  }
  return digests;
}

void tell(DiagnosticSink& sink, std::string message, SourceSpan span, std::string label) {
  sink.error(DiagnosticCode::import_changed, std::move(message), span, std::move(label))
      .helps.push_back({"review the import, then write the lock with `carbon check --lock`", {}});
}

}  // namespace

Result<std::string> import_lock(const LoadedPlatform& loaded) {
  std::string text(heading);
  for (const auto& [path, digest] : CARBON_TRY(digests_of(loaded)))
    text += fmt::format("{}  {}\n", digest, path);
  return text;
}

void check_import_lock(const LoadedPlatform& loaded, DiagnosticSink& sink) {
  std::string name(import_lock_file);
  Result<std::string> text = read_source(fs::path(loaded.root) / name);
  if (!text) return tell(sink, fmt::format("`{}` cannot be read: {}", name, text.error().message()), {}, "");
  std::optional<Digests> locked = read_lock(*text);
  if (!locked) return tell(sink, fmt::format("`{}` has a line that is no digest with a path", name), {}, "");
  Result<Digests> now = digests_of(loaded);
  if (!now) {
    sink.add(now.error().diagnostic());
    return;
  }
  for (const auto& [path, digest] : *now) {
    auto before = locked->find(path);
    SourceSpan span = loaded.imported.at(path);
    if (before == locked->end()) {
      tell(sink, fmt::format("`{}` is not in `{}`", path, name), span, "imported here");
    } else if (before->second != digest) {
      tell(sink, fmt::format("`{}` is not what `{}` says", path, name), span, "changed since it was locked");
    }
  }
  for (const auto& [path, digest] : *locked) {
    if (!now->contains(path))
      tell(sink, fmt::format("`{}` has a line for `{}`, which nothing imports", name, path), {}, "");
  }
}

}  // namespace carbon
