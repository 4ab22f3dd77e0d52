#include "cli/load.h"

#include <fmt/core.h>
#include <algorithm>
#include <deque>
#include <filesystem>
#include <optional>
#include <set>

#include "base/utf8.h"
#include "base/value_json.h"
#include "cli/parallel.h"
#include "cli/source_file.h"
#include "dsl/parse/parse.h"
#include "dsl/schema/schema.h"
#include "platform/yaml/yaml.h"
#include "stdlib/packages.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// Bytes from which on parsing takes longer than starting threads: about two milliseconds of it.
constexpr std::size_t worth_threads = 256 * 1024;

class Loader {
 public:
  Loader(LoadedPlatform& loaded, DiagnosticSink& sink, const OpenTexts& open)
      : loaded_(loaded), sink_(sink), open_(open) {
    loaded_.packages.clear();
    loaded_.data.clear();
    loaded_.imported.clear();
  }

  void run(const std::string& directory) {
    std::error_code error;
    fs::path root = fs::canonical(directory, error);
    if (error || !fs::is_directory(root, error)) {
      sink_.error(DiagnosticCode::no_platform, fmt::format("there is no folder `{}`", directory), {});
      return;
    }
    loaded_.root = root.string();
    if (!package("", root)) {
      sink_.error(DiagnosticCode::no_platform, fmt::format("no `.carbon` file in `{}`", directory), {})
          .helps.push_back({"name the folder of a platform with `-C DIR`", std::nullopt});
    }
    // Imports may bring files that import more; the queue ends because every path is loaded once.
    DiagnosticSink reported_by_check;
    for (std::size_t next = 0; next < trees_.size(); ++next) {
      for (const Import& import : imports_of(*trees_[next], reported_by_check)) follow(import);
    }
  }

 private:
  Result<std::string> read(const fs::path& file) const {
    auto open = open_.find(file.native());
    return open != open_.end() ? Result<std::string>(open->second) : read_source(file);
  }

  /// The `.carbon` files of a folder, in order.
  [[nodiscard]] std::vector<fs::path> files_of(const fs::path& folder) const {
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      if (entry.path().extension() == ".carbon" && entry.is_regular_file()) files.push_back(entry.path());
    }
    for (const auto& [path, text] : open_) {
      fs::path file(path);
      if (file.parent_path() == folder && file.extension() == ".carbon") files.push_back(std::move(file));
    }
    std::sort(files.begin(), files.end());
    files.erase(std::unique(files.begin(), files.end()), files.end());
    return files;
  }

  struct Text {
    std::string name;  ///< relative to the root
    std::string text;
  };

  bool package(const std::string& path, const fs::path& folder) {
    std::vector<fs::path> files = files_of(folder);
    std::vector<Text> texts;
    for (const fs::path& file : files) {
      auto text = read(file);
      std::string name = fs::relative(file, loaded_.root).generic_string();
      if (!text || !is_beneath(loaded_.root, file)) {
        sink_.error(DiagnosticCode::file_failed,
                    fmt::format("cannot read `{}`: {}", name,
                                text ? "it lies outside the package" : text.error().message()),
                    {});
        continue;
      }
      texts.push_back({std::move(name), std::move(*text)});
    }
    parse_into(loaded_.packages[path], std::move(texts));
    return !files.empty();
  }

  /// Files that changed are parsed, side by side where that is worth the threads; the order of trees and
  /// errors is that of the files.
  void parse_into(std::vector<const SyntaxTree*>& trees, std::vector<Text> texts) {
    struct Job {
      std::uint32_t file;
      LoadedPlatform::Parsed* known;
      std::optional<SyntaxTree> tree;
    };
    std::vector<Job> jobs;
    std::vector<LoadedPlatform::Parsed*> all;
    std::size_t bytes = 0;
    for (Text& each : texts) {
      LoadedPlatform::Parsed& known = loaded_.parsed[each.name];
      all.push_back(&known);
      if (known.tree != nullptr && loaded_.sources.file(known.tree->file()).text == each.text) continue;
      bytes += each.text.size();
      jobs.push_back({loaded_.sources.add(std::move(each.name), std::move(each.text)), &known, {}});
    }
    for_each_index(jobs.size(), bytes < worth_threads, [&](std::size_t i) {
      DiagnosticSink faults;
      jobs[i].tree.emplace(parse(loaded_.sources, jobs[i].file, faults));
      jobs[i].known->faults = faults.all();
    });
    for (Job& job : jobs) job.known->tree = &loaded_.trees.emplace_back(std::move(*job.tree));
    for (const LoadedPlatform::Parsed* known : all) {
      for (const Diagnostic& fault : known->faults) sink_.add(fault);
      trees.push_back(known->tree);
      trees_.push_back(known->tree);
    }
  }

  void follow(const Import& import) {
    switch (import.kind) {
      case ImportKind::standard: standard(import); return;
      case ImportKind::package: directory(import); return;
      case ImportKind::data: data(import); return;
      case ImportKind::schema: schema(import); return;
    }
  }

  void standard(const Import& import) {
    if (loaded_.packages.contains(import.path)) return;
    std::vector<Text> texts;
    for (const StandardFile& file : standard_files()) {
      if (file.package == import.path) texts.push_back({std::string(file.path), std::string(file.text)});
    }
    if (!texts.empty()) parse_into(loaded_.packages[import.path], std::move(texts));
  }

  void directory(const Import& import) {
    loaded_.imported.emplace(import.path, import.span);
    if (loaded_.packages.contains(import.path)) return;
    fs::path folder = fs::path(loaded_.root) / import.path;
    std::error_code error;
    if (!fs::is_directory(folder, error) || !is_beneath(loaded_.root, folder)) {
      sink_.error(DiagnosticCode::import_path, fmt::format("there is no package `{}`", import.path),
                  import.span,
                  fs::exists(folder, error) ? "lies outside the root package" : "no such folder");
      return;
    }
    if (!package(import.path, folder)) {
      sink_.error(DiagnosticCode::import_path,
                  fmt::format("package `{}` holds no `.carbon` file", import.path), import.span);
    }
  }

  void data(const Import& import) {
    loaded_.imported.emplace(import.path, import.span);
    if (!read_.insert({import.path, import.type}).second) return;
    fs::path file = fs::path(loaded_.root) / import.path;
    auto text = read(file);
    if (!text || !is_beneath(loaded_.root, file)) {
      sink_.error(text ? DiagnosticCode::import_path : text.error().code(),
                  fmt::format("cannot import `{}`", import.path), import.span,
                  text ? "lies outside the root package" : text.error().message());
      return;
    }
    auto value = convert_data(import.type, *text);
    if (!value) {
      sink_.error(DiagnosticCode::bad_import_data,
                  fmt::format("`{}` is not what the import says", import.path), import.span,
                  value.error().message());
      return;
    }
    loaded_.data[{import.path, import.type}] = std::move(*value);
  }

  /// The file and those that its `$ref`s name; what stands in them is the checker's to judge.
  void schema(const Import& import) {
    if (!import.path.starts_with("std/")) schema_file(import, import.path);
    std::vector<std::string> waiting{import.path};
    for (std::size_t next = 0; next < waiting.size(); ++next) {
      auto read = loaded_.data.find({waiting[next], DataType::schema});
      if (read == loaded_.data.end()) continue;
      for (std::string& file : schema_references(waiting[next], read->second)) {
        if (std::find(waiting.begin(), waiting.end(), file) != waiting.end()) continue;
        if (waiting.size() == most_schema_files) {
          sink_.error(DiagnosticCode::bad_import_data,
                      fmt::format("`{}` refers to more than {} files", import.path, most_schema_files),
                      import.span);
          return;
        }
        schema_file(import, file);
        waiting.push_back(std::move(file));
      }
    }
  }

  void schema_file(const Import& import, const std::string& path) {
    loaded_.imported.emplace(path, import.span);
    if (!read_.insert({path, DataType::schema}).second) return;
    fs::path file = fs::path(loaded_.root) / path;
    bool beneath = is_beneath(loaded_.root, file);
    Result<std::string> text = beneath ? read_source(file) : std::string();
    if (!beneath || !text) {
      sink_.error(beneath ? text.error().code() : DiagnosticCode::import_path,
                  fmt::format("cannot import `{}`", path), import.span,
                  beneath ? text.error().message() : "lies outside the root package");
      return;
    }
    Result<Value> documents = schema_documents(path, *text);
    if (documents) {
      loaded_.data[{path, DataType::schema}] = std::move(*documents);
    } else {
      sink_.error(DiagnosticCode::bad_import_data, fmt::format("`{}` cannot be read", path), import.span,
                  documents.error().message());
    }
  }

  static Result<Value> convert_data(DataType type, const std::string& text) {
    switch (type) {
      case DataType::blob: return Value::blob(text);
      case DataType::json: return parse_json(text);
      case DataType::yaml: return parse_yaml(text);
      case DataType::string:
      case DataType::schema: break;
    }
    std::size_t bad = utf8::first_invalid(text);
    if (bad != std::string::npos) {
      return fail(DiagnosticCode::bad_import_data, fmt::format("byte {} is not valid UTF-8", bad));
    }
    return Value::string(text);
  }

  LoadedPlatform& loaded_;
  DiagnosticSink& sink_;
  const OpenTexts& open_;
  std::vector<const SyntaxTree*> trees_;  ///< of this load, in the order in which they came
  std::set<std::pair<std::string, DataType>> read_;
};

}  // namespace

Result<Value> schema_documents(std::string_view path, std::string_view text) {
  if (text.size() > largest_schema_file)
    return fail(DiagnosticCode::bad_import_data,
                fmt::format("it is larger than {} MiB", largest_schema_file >> 20));
  YamlLimits limits;
  limits.nodes = most_schema_values;
  if (!path.ends_with(".json")) return Value::list(CARBON_TRY(parse_yaml_documents(text, limits)));
  return Value::list({CARBON_TRY(parse_json(text))});
}

std::string LoadedPlatform::digest_input() const {
  std::string out;
  for (const SourceMap::File& file : sources.files()) {
    out += fmt::format("{}:{}:{}:", file.path.size(), file.path, file.text.size());
    out += file.text;
  }
  for (const auto& [key, value] : data) {
    std::string text = encode_value(value);
    out += fmt::format("{}:{}:{}:", key.first.size(), key.first, text.size());
    out += text;
  }
  return out;
}

void load(const std::string& directory, LoadedPlatform& loaded, DiagnosticSink& sink, const OpenTexts& open) {
  Loader(loaded, sink, open).run(directory);
}

}  // namespace carbon
