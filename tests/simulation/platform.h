#pragma once

#include <random>
#include <string>
#include <vector>

namespace carbon::simulation {

/// One block of a generated platform.
struct Block {
  std::string address;
  std::string kind;  ///< ConfigMap, Secret, ServiceAccount, Deployment
  std::string name;  ///< metadata.name: stays when the address changes
  std::string name_space;
  unsigned value = 0;
  std::string needs;     ///< address of another block, or empty
  bool by_uid = false;   ///< refers to a field that only the server knows
  unsigned variant = 0;  ///< another one is a replacement
  bool create_first = false;
};

/// A platform that changes as its owner would change it.
class Platform {
 public:
  Platform(std::uint64_t seed, unsigned blocks);

  /// Adds, removes, changes, renames and moves some blocks.
  void change();
  [[nodiscard]] std::string text() const;
  [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
  [[nodiscard]] const Block* any_config_map();

 private:
  [[nodiscard]] unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  void add();
  void remove();
  void edit();
  void rename();

  std::mt19937_64 random_;
  std::vector<Block> blocks_;
  std::vector<std::pair<std::string, std::string>> moved_;
  unsigned made_ = 0;
};

}  // namespace carbon::simulation
