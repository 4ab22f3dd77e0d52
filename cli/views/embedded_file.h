#pragma once

#include <string_view>

namespace carbon {

/// A file that the program carries (tools/embed_files.py).
struct EmbeddedFile {
  std::string_view text;
  std::string_view
      source_hash;  ///< `sha256-…`, as a Content-Security-Policy names it (CSP Level 3, section 2.3.1)
};

extern const EmbeddedFile plan_page_style;
extern const EmbeddedFile plan_page_script;

}  // namespace carbon
