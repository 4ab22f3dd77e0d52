#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "convert/manifest.h"

namespace carbon {

/// A name of the language out of any text: `cert-manager.io` gives `cert_manager_io`. May be empty, and may
/// be a word that is taken.
[[nodiscard]] std::string identifier(std::string_view text);
/// The same for variables of the environment: `DB_PASSWORD`.
[[nodiscard]] std::string variable_name(std::string_view text);
/// Whether no declaration may have the name, or none should: reserved words and what every package has.
[[nodiscard]] bool is_taken_word(std::string_view name);

/// Names that are given once.
class Names {
 public:
  void reserve(std::string_view name) { taken_.emplace(name); }
  /// The first of the names that is free and may be given; else the last with a number behind it.
  [[nodiscard]] std::string take(const std::vector<std::string>& wanted);

 private:
  std::set<std::string, std::less<>> taken_;
};

/// Gives every manifest its address: its name, where several have one with the kind behind it, and with the
/// namespace where that is not enough. Workloads come first: `web` is the Deployment, `web_service` its
/// Service.
void give_addresses(std::vector<Manifest>& manifests, Names& names);

/// Whether an object at the address gets this name without writing it (dsl/expand/identity.cpp).
[[nodiscard]] bool names_itself(const Manifest& manifest);

}  // namespace carbon
