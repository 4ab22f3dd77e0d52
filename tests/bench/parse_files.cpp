// Parses every `.carbon` file below the folders named; prints the first errors and fails where there are any,
// or where there is no file.
#include <fmt/core.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "dsl/parse/parse.h"

int main(int count, char** folders) {
  std::size_t files = 0;
  std::size_t errors = 0;
  for (int i = 1; i < count; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folders[i])) {
      if (entry.path().extension() != ".carbon") continue;
      std::ifstream stream(entry.path(), std::ios::binary);
      carbon::SourceMap sources;
      carbon::DiagnosticSink sink;
      std::uint32_t file =
          sources.add(entry.path().string(), std::string(std::istreambuf_iterator<char>(stream), {}));
      carbon::SyntaxTree tree = carbon::parse(sources, file, sink);
      ++files;
      errors += sink.error_count();
      for (const carbon::Diagnostic& diagnostic : sink.all()) {
        fmt::print("{}: {}\n", entry.path().string(), diagnostic.message);
      }
    }
  }
  fmt::print("{} files, {} errors\n", files, errors);
  return files > 0 && errors == 0 ? 0 : 1;
}
