#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/compile.h"
#include "lsp/analysis.h"

namespace carbon {

/// What `carbon lsp` sees of the disk and of the compiler's stages. Keeps the sources and trees of each
/// package between analyses, so that only edited files are parsed again.
class LanguageWorkspace final : public lsp::Workspace {
 public:
  [[nodiscard]] std::string canonical(const std::string& path) const override;
  [[nodiscard]] std::string root_of(const std::string& path, const std::vector<std::string>& folders,
                                    const lsp::OpenTexts& open) override;
  [[nodiscard]] std::unique_ptr<lsp::Analysis> analyse(const std::string& root,
                                                       const lsp::OpenTexts& open) override;
  [[nodiscard]] std::unique_ptr<lsp::Analysis> look_at(const std::string& root, const lsp::OpenTexts& open,
                                                       const std::string& path, std::size_t offset) override;
  void evaluate(lsp::Analysis& analysis, const std::string& environment) override;
  [[nodiscard]] std::optional<Value> value_of(const lsp::Analysis& analysis,
                                              const std::string& name) override;
  [[nodiscard]] std::string text_of(const Value& value) const override;

 private:
  struct Cursor {
    std::string path;
    std::size_t offset = 0;
  };
  [[nodiscard]] std::unique_ptr<lsp::Analysis> check(const std::string& root, const lsp::OpenTexts& open,
                                                     const Cursor* cursor);

  std::map<std::string, std::shared_ptr<LoadedPlatform>> loaded_;  ///< by root
};

}  // namespace carbon
