#include "cli/fix.h"

#include <fmt/core.h>

#include <filesystem>

#include "base/fixes.h"
#include "base/utf8.h"
#include "cli/source_file.h"
#include "dsl/parse/parse.h"

namespace carbon {

namespace fs = std::filesystem;

namespace {

std::size_t syntax_errors(const std::string& path, const std::string& text) {
  SourceMap sources;
  DiagnosticSink sink;
  (void)parse(sources, sources.add(path, text), sink);
  return sink.error_count();
}

/// A piece of source for one line of a report.
std::string piece_of(std::string_view text) {
  std::size_t begin = text.find_first_not_of(" \t\r\n");
  if (begin == std::string_view::npos) return "blanks";
  text = text.substr(begin, text.find_last_not_of(" \t\r\n") + 1 - begin);
  constexpr std::size_t most = 60;
  std::size_t end = std::min(text.find('\n'), text.size());
  while (utf8::count(text.substr(0, end)) > most) --end;
  return fmt::format("`{}{}`", text.substr(0, end), end < text.size() ? " …" : "");
}

std::string change_text(std::string_view before, const std::string& after) {
  if (before.empty()) return "added " + piece_of(after);
  if (after.empty()) return "removed " + piece_of(before);
  return fmt::format("{} -> {}", piece_of(before), piece_of(after));
}

class FixRun {
 public:
  explicit FixRun(const Options& options) : options_(options) {}

  FixedPlatform run() {
    for (int round = 0;; ++round) {
      made_.compiled = compile_platform(options_, texts_);
      if (round == most_fix_rounds || !make_fixes()) break;
    }
    for (const SourceMap::File& file : made_.compiled->loaded.sources.files()) {
      auto before = originals_.find(file.path);
      if (before != originals_.end() && before->second != file.text)
        made_.files.push_back({file.path, before->second, file.text});
    }
    return std::move(made_);
  }

 private:
  /// Whether something changed.
  bool make_fixes() {
    std::vector<ChosenFix> chosen = safe_fixes(made_.compiled->diagnostics.all());
    bool changed = false;
    for (const SourceMap::File& file : made_.compiled->loaded.sources.files()) {
      if (is_standard_file(file.path)) continue;
      std::vector<ChosenFix> mine;
      for (const ChosenFix& each : chosen) {
        if (made_.compiled->loaded.sources.find(each.fix->span.begin) == &file) mine.push_back(each);
      }
      changed = (!mine.empty() && fix_file(file, mine)) || changed;
    }
    return changed;
  }

  bool fix_file(const SourceMap::File& file, const std::vector<ChosenFix>& fixes) {
    std::size_t before = syntax_errors(file.path, file.text);
    auto is_good = [&](const std::vector<ChosenFix>& some) {
      return syntax_errors(file.path, with_fixes(file, some)) <= before;
    };
    std::vector<ChosenFix> good = fixes;
    if (!is_good(good)) {
      good.clear();
      for (const ChosenFix& each : fixes) {
        good.push_back(each);
        if (!is_good(good)) good.pop_back();
      }
    }
    std::string text = with_fixes(file, good);
    if (text == file.text) return false;
    originals_.emplace(file.path, file.text);
    texts_[(fs::path(made_.compiled->loaded.root) / file.path).string()] = std::move(text);
    for (const ChosenFix& each : good) note(each);
    return true;
  }

  void note(const ChosenFix& each) {
    const SourceMap& sources = made_.compiled->loaded.sources;
    SourceLocation at = sources.locate(each.fix->span.begin);
    made_.fixes.push_back({std::string(at.path), at.line, at.column, each.diagnostic->code,
                           each.diagnostic->message,
                           change_text(sources.text(each.fix->span), each.fix->replacement)});
  }

  const Options& options_;
  OpenTexts texts_;
  std::map<std::string, std::string> originals_;
  FixedPlatform made_;
};

}  // namespace

FixedPlatform fix_platform(const Options& options) { return FixRun(options).run(); }

Status write_fixed(const FixedPlatform& fixed) {
  for (const FixedFile& file : fixed.files) {
    std::error_code error;
    // What a link leads to is written, not the link; the loader has seen that it stays in the package.
    fs::path path = fs::canonical(fs::path(fixed.compiled->loaded.root) / file.path, error);
    Result<std::string> now = read_source(path);
    if (!now || *now != file.before) {
      return fail(Error(DiagnosticCode::file_failed,
                        fmt::format("`{}` was changed by somebody else while it was fixed", file.path))
                      .help("run `carbon check --fix` again"));
    }
    CARBON_CHECK(replace_source(path, file.after));
  }
  return {};
}

}  // namespace carbon
