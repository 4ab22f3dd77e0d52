#include "cli/conversion_check.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>

#include "cli/views/render_view.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// A folder that goes away with this.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::error_code error;
    std::string pattern = (fs::temp_directory_path(error) / "carbon-convert-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) path_ = pattern;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

tl::unexpected<Error> cannot_write(const fs::path& path, const char* why) {
  return fail(Error(DiagnosticCode::file_failed, fmt::format("cannot write `{}`: {}", path.native(), why))
                  .help("name another folder with `-o DIR`"));
}

/// Only made, never replaced, also when somebody else makes it at the same time.
Status write_new(const fs::path& path, std::string_view text) {
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "wxe"), &std::fclose);
  if (file == nullptr)
    return cannot_write(path, errno == EEXIST ? "it is there already" : std::strerror(errno));
  bool written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
  bool closed = std::fclose(file.release()) == 0;
  if (!written || !closed) return cannot_write(path, std::strerror(errno));
  return {};
}

/// Where two values first differ; no value is shown, it may be a secret.
std::optional<std::string> difference(const Value& wanted, const Value& found, const std::string& path) {
  if (wanted == found) return std::nullopt;
  auto inside = [&](std::string_view step) {
    return fmt::format("{}{}{}", path, path.empty() ? "" : ".", step);
  };
  if (wanted.is_fields() && found.is_fields()) {
    for (const Entry& entry : wanted.entries()) {
      const Value* other = found.find(entry.key.text());
      if (other == nullptr) return inside(entry.key.text());
      if (auto where = difference(entry.value, *other, inside(entry.key.text()))) return where;
    }
    for (const Entry& entry : found.entries()) {
      if (wanted.find(entry.key.text()) == nullptr) return inside(entry.key.text());
    }
  }
  bool same_length =
      wanted.is_sequence() && found.is_sequence() && wanted.items().size() == found.items().size();
  for (std::size_t i = 0; same_length && i < wanted.items().size(); ++i) {
    auto where = difference(wanted.items()[i], found.items()[i], fmt::format("{}[{}]", path, i));
    if (where) return where;
  }
  return path;
}

/// The identity that an object gets where the manifest writes none.
Value with_identity(const Value& wanted, const Resource& made) {
  const Value* found = made.desired.find("metadata");
  std::vector<Entry> metadata;
  const Value* written = wanted.find("metadata");
  if (written != nullptr) metadata.assign(written->entries().begin(), written->entries().end());
  bool unwritten = written == nullptr || written->find("namespace") == nullptr;
  const Value* space = found == nullptr ? nullptr : found->find("namespace");
  if (unwritten && space != nullptr) metadata.push_back({Value::string("namespace"), *space});
  std::vector<Entry> fields{{Value::string("metadata"), Value::record(std::move(metadata))}};
  for (const Entry& entry : wanted.entries()) {
    if (entry.key.text() != "metadata") fields.push_back(entry);
  }
  return Value::record(std::move(fields));
}

tl::unexpected<Error> not_the_same(const ConvertedObject& object, std::string_view what) {
  return fail(Error(DiagnosticCode::bad_import_data,
                    fmt::format("{} would come out otherwise: {}; nothing is written", object.title, what),
                    object.place)
                  .help("this is a mistake in carbon; please report it with the manifest"));
}

}  // namespace

std::vector<PackageFile> package_files(const Converted& converted, const std::string& platform) {
  std::vector<PackageFile> files;
  if (!platform.empty()) {
    files.push_back({"platform.carbon", fmt::format("import \"std/k8s\"\n\nplatform {} {{}}\n"
                                                    "provider cluster : k8s.Cluster {{}}\n",
                                                    platform)});
  }
  for (const Converted::TextFile& each : converted.sources) files.push_back({each.path, each.text});
  for (const Converted::DataFile& each : converted.data)
    files.push_back({each.path, yaml_document(each.value)});
  return files;
}

Status write_package(const fs::path& folder, const std::vector<PackageFile>& files) {
  for (const PackageFile& each : files) {
    if (std::error_code error; fs::exists(folder / each.path, error))
      return cannot_write(folder / each.path, "it is there already");
  }
  for (const PackageFile& each : files) {
    fs::path path = folder / each.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return cannot_write(path.parent_path(), error.message().c_str());
    CARBON_CHECK(write_new(path, each.text));
  }
  return {};
}

Status compare_conversion(const Converted& converted, const Compiled& compiled) {
  std::map<std::string_view, const Resource*> made;
  for (const Resource& each : compiled.expansion->graph.resources()) made[each.address] = &each;
  for (const ConvertedObject& object : converted.objects) {
    auto found = made.find(object.address);
    if (found == made.end()) return not_the_same(object, "there is no such resource");
    Value wanted = with_identity(object.desired, *found->second);
    if (auto where = difference(wanted, found->second->desired, ""))
      return not_the_same(object, fmt::format("`{}` differs", *where));
  }
  return {};
}

Status check_conversion(const Converted& converted, const std::vector<PackageFile>& files,
                        const Options& options) {
  ScratchFolder scratch;
  if (scratch.path().empty()) return cannot_write("a temporary folder", std::strerror(errno));
  CARBON_CHECK(write_package(scratch.path(), files));
  Options compiling;
  compiling.command = options.command;
  compiling.directory = scratch.path().string();
  compiling.world = World::sandbox;
  auto compiled = compile_platform(compiling);
  print_diagnostics(compiled->diagnostics, compiled->loaded.sources, options.color);
  if (!compiled->ok() || !compiled->expansion) {
    return fail(
        Error(DiagnosticCode::bad_import_data,
              fmt::format("{} of `{}` would be no correct platform; nothing is written",
                          converted.objects.size() == 1 ? "the object" : "the objects", files.back().path))
            .help("correct the manifests as said above"));
  }
  return compare_conversion(converted, *compiled);
}

}  // namespace carbon
