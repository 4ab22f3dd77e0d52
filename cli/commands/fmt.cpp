#include <fmt/core.h>

#include <algorithm>
#include <filesystem>

#include "cli/commands/commands.h"
#include "cli/compile.h"
#include "cli/source_file.h"
#include "cli/views/unified_diff.h"
#include "dsl/format/fidelity.h"
#include "dsl/format/format.h"
#include "dsl/parse/parse.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

/// Formats files one after the other, so that memory holds one at a time.
class FormatRun {
 public:
  explicit FormatRun(const Options& options) : options_(options) {}

  ExitCode finish() {
    if (options_.only_check && differing_ != 0) {
      fmt::print(stderr, "{} of {} files not in canonical style; `carbon fmt` writes it\n", differing_,
                 files_);
    }
    return failed_ || (options_.only_check && differing_ != 0) ? ExitCode::error : ExitCode::success;
  }

  void report(Diagnostic diagnostic) {
    failed_ = true;
    DiagnosticSink sink;
    sink.add(std::move(diagnostic));
    print_diagnostics(sink, SourceMap(), options_.color);
  }
  void report(std::string message, std::string help) {
    report(Error(DiagnosticCode::file_failed, std::move(message)).help(std::move(help)).diagnostic());
  }

  void file(const fs::path& path) {
    Result<std::string> text = read_source(path);
    if (!text) {
      report(Error(text.error().code(),
                   fmt::format("cannot read `{}`: {}", path.native(), text.error().message()))
                 .diagnostic());
      return;
    }
    std::optional<std::string> formatted = format_text(path.native(), *text);
    if (!formatted || *formatted == *text || !show(path.native(), *text, *formatted)) return;
    if (Status written = replace_source(path, *formatted); !written) {
      report(written.error().diagnostic());
      return;
    }
    fmt::print("{}\n", path.native());
  }

  void standard_input() {
    Result<std::string> text = read_standard_input();
    if (!text) return report("cannot read standard input: " + text.error().message(), "pipe a file into it");
    std::optional<std::string> formatted = format_text("<stdin>", *text);
    if (!formatted) return;
    bool changed = *formatted != *text;
    if (is_writing() || (changed && show("<stdin>", *text, *formatted))) fmt::print("{}", *formatted);
  }

 private:
  [[nodiscard]] bool is_writing() const { return !options_.only_check && !options_.show_diff; }

  /// Nothing when there are syntax errors; those have been printed.
  std::optional<std::string> format_text(const std::string& name, const std::string& text) {
    ++files_;
    SourceMap sources;
    DiagnosticSink sink;
    SyntaxTree tree = parse(sources, sources.add(name, text), sink);
    if (sink.has_errors()) {
      failed_ = true;
      print_diagnostics(sink, sources, options_.color);
      return std::nullopt;
    }
    std::string formatted = format(tree);
    // Somebody's platform is about to be written: the formatter is not trusted, it is checked.
    DiagnosticSink after_sink;
    SyntaxTree after = parse(sources, sources.add(name, formatted), after_sink);
    std::string fault = after_sink.has_errors() ? "the result does not parse" : format_fault(tree, after);
    if (fault.empty()) return formatted;
    report(fmt::format("`{}` is left as it is: the formatter would change more than its layout", name),
           "this is a mistake in carbon; please report it with the file: " + fault);
    return std::nullopt;
  }

  /// What `--check` and `--diff` print instead of writing; true when the text is to be written.
  bool show(const std::string& name, const std::string& text, const std::string& formatted) {
    ++differing_;
    if (options_.show_diff) {
      fmt::print("{}", unified_diff(name, text, formatted));
    } else if (options_.only_check) {
      fmt::print("{}\n", name);
    }
    return is_writing();
  }

  const Options& options_;
  std::size_t files_ = 0;
  std::size_t differing_ = 0;
  bool failed_ = false;
};

/// The files that the arguments mean, each once.
class Selection {
 public:
  Selection(const std::string& directory, FormatRun& run)
      : root_(fs::absolute(directory).lexically_normal()), run_(run) {}

  void add(const fs::path& path) {
    std::error_code error;
    if (!fs::exists(path, error)) {
      run_.report(fmt::format("there is no file `{}`", path.native()),
                  "name `.carbon` files or folders of them");
    } else if (!stays_inside(path)) {
      run_.report(fmt::format("`{}` leads out of its package, to `{}`", path.native(),
                              fs::weakly_canonical(path, error).native()),
                  "format that file under its own name");
    } else if (fs::is_directory(path, error)) {
      add_folder(path);
    } else if (path.extension() != ".carbon") {
      run_.report(fmt::format("`{}` is no `.carbon` file", path.native()),
                  "only those have a canonical style");
    } else {
      files_.push_back(fs::is_symlink(path, error) ? fs::canonical(path, error) : path.lexically_normal());
    }
  }

  void add_folder(const fs::path& folder) {
    std::vector<fs::path> found = source_files_beneath(folder);
    if (found.empty()) {
      run_.report(
          Error(DiagnosticCode::no_platform, fmt::format("no `.carbon` file beneath `{}`", folder.native()))
              .help("name the folder of a platform with `-C DIR`")
              .diagnostic());
    }
    for (const fs::path& file : found) files_.push_back(file.lexically_normal());
  }

  std::vector<fs::path> take() {
    std::sort(files_.begin(), files_.end());
    files_.erase(std::unique(files_.begin(), files_.end()), files_.end());
    return std::move(files_);
  }

 private:
  /// What is written beneath the package must lie there; what is named elsewhere must lie where it is named.
  [[nodiscard]] bool stays_inside(const fs::path& path) const {
    fs::path written = fs::absolute(path).lexically_normal();
    auto [end, rest] = std::mismatch(root_.begin(), root_.end(), written.begin(), written.end());
    bool in_root = end == root_.end() || end->empty();
    std::error_code error;
    fs::path home = fs::canonical(in_root ? root_ : written.parent_path(), error);
    return !error && is_beneath(home, path);
  }

  fs::path root_;
  FormatRun& run_;
  std::vector<fs::path> files_;
};

}  // namespace

ExitCode run_fmt(const Options& options) {
  FormatRun run(options);
  bool standard_input = std::find(options.paths.begin(), options.paths.end(), "-") != options.paths.end();
  if (standard_input && options.paths.size() != 1) {
    run.report(Error(DiagnosticCode::bad_usage, "`-` stands for standard input and cannot be joined by files")
                   .help("run `carbon fmt` once for each")
                   .diagnostic());
    return run.finish();
  }
  if (standard_input) {
    run.standard_input();
    return run.finish();
  }
  Selection selection(options.directory, run);
  if (options.paths.empty()) selection.add(options.directory);
  for (const std::string& path : options.paths) selection.add(path);
  for (const fs::path& file : selection.take()) run.file(file);
  return run.finish();
}

}  // namespace carbon
