#include "base/diagnostic_code.h"

#include <fmt/core.h>

namespace carbon {

std::string to_string(DiagnosticCode code) { return fmt::format("C{:04}", static_cast<unsigned>(code)); }

std::string_view summary(DiagnosticCode code) {
  switch (code) {
#define CARBON_CODE(number, name, text, help) \
  case DiagnosticCode::name:                  \
    return text;
#include "base/diagnostic_codes.def"
#undef CARBON_CODE
  }
  return "unknown code";
}

std::string_view remedy(DiagnosticCode code) {
  switch (code) {
#define CARBON_CODE(number, name, text, help) \
  case DiagnosticCode::name:                  \
    return help;
#include "base/diagnostic_codes.def"
#undef CARBON_CODE
  }
  return "";
}

bool is_known(DiagnosticCode code) {
  switch (code) {
#define CARBON_CODE(number, name, text, help) \
  case DiagnosticCode::name:                  \
    return true;
#include "base/diagnostic_codes.def"
#undef CARBON_CODE
  }
  return false;
}

}  // namespace carbon
