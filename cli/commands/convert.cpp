#include "convert/convert.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/diagnostic_text.h"
#include "base/utf8.h"
#include "base/value_json.h"
#include "cli/commands/running.h"
#include "cli/compile.h"
#include "cli/conversion_check.h"
#include "cli/conversion_report.h"
#include "cli/source_file.h"
#include "convert/naming.h"
#include "platform/yaml/yaml.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// JSON is YAML too, but its reader is faster and knows where a number ends.
bool is_json(std::string_view text) {
  std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

/// The manifests that the command line names.
class ManifestFiles {
 public:
  ManifestFiles(SourceMap& sources, DiagnosticSink& sink) : sources_(sources), sink_(sink) {}

  void add(const fs::path& path) {
    std::error_code error;
    if (path == "-") return standard_input();
    if (fs::is_directory(path, error)) return folder(path);
    Result<std::string> text = read_source(path);
    if (!text) return refuse(path.native(), text.error());
    document(path.native(), path.stem().native(), std::move(*text));
  }

  void standard_input() {
    Result<std::string> text = read_standard_input();
    if (!text) return refuse("standard input", text.error());
    document("<stdin>", "manifests", std::move(*text));
  }

  std::vector<ConvertInput::File> take() { return std::move(files_); }

 private:
  void folder(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      std::string end = entry.path().extension().string();
      if (end == ".yaml" || end == ".yml" || end == ".json") paths.push_back(entry.path());
    }
    std::sort(paths.begin(), paths.end());
    for (const fs::path& each : paths) add(each);
    if (!paths.empty()) return;
    sink_.error(DiagnosticCode::import_path, fmt::format("no YAML or JSON file in `{}`", folder.native()), {})
        .helps.push_back({"name files that end with `.yaml`, `.yml` or `.json`", {}});
  }

  void refuse(std::string_view name, const Error& error) {
    sink_.error(error.code(), fmt::format("cannot read `{}`: {}", name, error.message()), {})
        .helps.push_back({"name files that can be read, or pipe one into it", {}});
  }

  void document(const std::string& path, const std::string& stem, std::string text) {
    std::uint32_t file = sources_.add(path, std::move(text));
    const SourceMap::File& source = sources_.file(file);
    Result<std::vector<Value>> documents = read(source);
    if (!documents) {
      bool large = source.text.size() > YamlLimits().bytes;
      sink_.error(documents.error().code(), fmt::format("`{}`: {}", path, documents.error().message()), {})
          .helps.push_back({large ? "split the file at a `---`"
                                  : "correct the file; what `kubectl` or `helm template` prints is read",
                            {}});
      return;
    }
    std::string name = identifier(stem);
    std::string free = name.empty() || name == "platform" ? "manifests" : name;
    for (int number = 2; !names_.insert(free).second; ++number) free = fmt::format("{}_{}", name, number);
    files_.push_back({free, std::move(*documents)});
  }

  static Result<std::vector<Value>> read(const SourceMap::File& source) {
    if (utf8::first_invalid(source.text) == std::string_view::npos && is_json(source.text)) {
      Result<Value> document = parse_json(source.text);
      if (document) return std::vector<Value>{std::move(*document)};
    }
    return parse_manifests(source.text, source.base);
  }

  SourceMap& sources_;
  DiagnosticSink& sink_;
  std::vector<ConvertInput::File> files_;
  std::set<std::string> names_;
};

/// The platform's name, where the folder is not one yet.
std::string platform_name(const std::string& folder) {
  std::error_code error;
  if (folder.empty()) return {};
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".carbon") return {};
  }
  std::string name = identifier((fs::absolute(folder, error) / "").parent_path().filename().native());
  return name.empty() || is_taken_word(name) ? "converted" : name;
}

/// Without -o there is one text.
void join(std::vector<ConvertInput::File>& files) {
  for (std::size_t i = 1; i < files.size(); ++i) {
    std::vector<Value>& more = files[i].documents;
    files.front().documents.insert(files.front().documents.end(), more.begin(), more.end());
  }
  if (files.size() > 1) files.resize(1);
}

}  // namespace

ExitCode run_convert(const Options& options) {
  SourceMap sources;
  DiagnosticSink sink;
  ManifestFiles reading(sources, sink);
  if (options.paths.empty()) reading.standard_input();
  for (const std::string& path : options.paths) reading.add(path);
  ConvertInput input;
  input.files = reading.take();
  input.package = !options.out_folder.empty();
  if (!input.package) join(input.files);
  Language language;
  Converted converted;
  if (!sink.has_errors())
    converted = convert_manifests(input, language.types, language.functions.patterns(), sink);
  print_diagnostics(sink, sources, options.color);
  if (sink.has_errors()) return exit_code_for(sink);
  if (converted.objects.empty())
    return report(
        Error(DiagnosticCode::bad_import_data,
              fmt::format("there is no Kubernetes object in `{}`",
                          options.paths.empty() ? "-" : fmt::format("{}", fmt::join(options.paths, "`, `"))))
            .help("name the files that hold the manifests"),
        sources, options);
  std::vector<PackageFile> files = package_files(converted, platform_name(options.out_folder));
  if (Status same = check_conversion(converted, files, options); !same)
    return report(same.error(), sources, options);
  if (!input.package) {
    fmt::print("{}", files.front().text);
  } else {
    if (Status written = write_package(options.out_folder, files); !written)
      return report(written.error(), sources, options);
    for (const PackageFile& each : files)
      fmt::print("{}\n", visible_line((fs::path(options.out_folder) / each.path).native()));
  }
  print_conversion(converted);
  return ExitCode::success;
}

}  // namespace carbon
