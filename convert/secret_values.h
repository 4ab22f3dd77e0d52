#pragma once

#include <string>
#include <vector>

#include "convert/manifest.h"
#include "convert/naming.h"

namespace carbon {

/// A variable of the environment that must hold a value of a Secret before anything is planned.
struct SecretVariable {
  std::string name;
  std::string object;  ///< `Secret shop/db`
  std::string key;
  bool base64 = false;  ///< it holds base64, since the value is no text
  SourceSpan place;     ///< of the Secret
};

/// Puts `secret.env` in the place of every value of a Secret that is not empty. The values stay behind in
/// `object`, which nobody prints. Errors: C0217 for data that is no base64.
void hide_secret_values(std::vector<Manifest>& manifests, std::vector<SecretVariable>& variables,
                        DiagnosticSink& sink);

}  // namespace carbon
