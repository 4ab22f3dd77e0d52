#include "tests/simulation/platform.h"

#include <fmt/format.h>
#include <algorithm>

namespace carbon::simulation {

namespace {

constexpr const char* kinds[] = {"ConfigMap", "ConfigMap",      "ConfigMap",
                                 "Secret",    "ServiceAccount", "Deployment"};
constexpr const char* spaces[] = {"n0", "n1", "n2"};

/// What a block takes from the one it needs: known at once, or only by the server.
std::string reference(const Block& block) {
  if (block.needs.empty()) return "\"none\"";
  return fmt::format("{}.metadata.{}", block.needs, block.by_uid ? "uid" : "name");
}

std::string spec(const Block& block) {
  if (block.kind == "ConfigMap")
    return fmt::format("  data = {{ value = \"{}\", from = {} }}\n", block.value, reference(block));
  if (block.kind == "Secret") {
    return fmt::format(
        "  type = \"{}\"\n  stringData = {{ value = \"{}\", token = secret.env(\"SIMULATION_CANARY\"), from "
        "= {} }}\n",
        block.variant % 2 == 0 ? "Opaque" : "example.com/other", block.value, reference(block));
  }
  if (block.kind == "ServiceAccount") return "";
  return fmt::format(R"(  spec = {{
    replicas = {}
    selector = {{ matchLabels = {{ app = "{}", variant = "v{}" }} }}
    template = {{
      metadata = {{ labels = {{ app = "{}", variant = "v{}" }}, annotations = {{ from = {} }} }}
      spec     = {{ containers = [{{ name = "main", image = "example.com/app:{}" }}] }}
    }}
  }}
)",
                     block.value % 3, block.name, block.variant, block.name, block.variant, reference(block),
                     block.value);
}

}  // namespace

Platform::Platform(std::uint64_t seed, unsigned blocks) : random_(seed) {
  for (unsigned i = 0; i < blocks; ++i) add();
}

void Platform::add() {
  Block block;
  block.kind = kinds[below(std::size(kinds))];
  block.name = fmt::format("o{}", made_);
  block.address = fmt::format("b{}", made_++);
  block.name_space = spaces[below(std::size(spaces))];
  block.value = below(100);
  block.by_uid = below(2) == 0;
  // Of the others a field may be immutable, and then the name stays.
  block.create_first = below(2) == 0 && (block.kind == "ConfigMap" || block.kind == "ServiceAccount");
  if (!blocks_.empty() && below(3) != 0)
    block.needs = blocks_[below(static_cast<unsigned>(blocks_.size()))].address;
  blocks_.push_back(std::move(block));
}

void Platform::remove() {
  if (blocks_.empty()) return;
  auto gone = blocks_.begin() + below(static_cast<unsigned>(blocks_.size()));
  std::string address = gone->address;
  blocks_.erase(gone);
  for (Block& block : blocks_) {
    if (block.needs == address) block.needs.clear();
  }
}

void Platform::edit() {
  if (blocks_.empty()) return;
  Block& block = blocks_[below(static_cast<unsigned>(blocks_.size()))];
  switch (below(7)) {
    case 0: ++block.variant; break;
    case 1: block.needs.clear(); break;
    case 2: block.name_space = spaces[below(std::size(spaces))]; break;
    case 3: block.name = fmt::format("o{}", made_++); break;
    default: block.value = below(100);
  }
}

/// With a `moved` line or, half of the time, without one: the name stays, so it is the same object.
void Platform::rename() {
  if (blocks_.empty()) return;
  Block& block = blocks_[below(static_cast<unsigned>(blocks_.size()))];
  std::string former = block.address;
  block.address = fmt::format("b{}", made_++);
  if (below(2) == 0) moved_.emplace_back(former, block.address);
  for (Block& other : blocks_) {
    if (other.needs == former) other.needs = block.address;
  }
}

void Platform::change() {
  moved_.clear();
  for (unsigned count = 1 + below(5); count > 0; --count) {
    switch (below(5)) {
      case 0: add(); break;
      case 1: remove(); break;
      case 2: rename(); break;
      default: edit();
    }
  }
}

const Block* Platform::any_config_map() {
  if (blocks_.empty()) return nullptr;
  const Block& block = blocks_[below(static_cast<unsigned>(blocks_.size()))];
  return block.kind == "ConfigMap" ? &block : nullptr;
}

std::string Platform::text() const {
  std::string out =
      "import \"std/k8s\"\nplatform simulation {}\nprovider cluster : k8s.Cluster { context = \"simulation\" "
      "}\n";
  for (const char* space : spaces)
    out += fmt::format("resource {0} : k8s.Namespace {{ metadata = {{ name = \"{0}\" }} }}\n", space);
  for (const Block& block : blocks_) {
    out += fmt::format(
        "resource {} : k8s.{} {{\n{}  metadata = {{ name = \"{}\", namespace = {}.metadata.name }}\n{}}}\n",
        block.address, block.kind, block.create_first ? "  replace create_first\n" : "", block.name,
        block.name_space, spec(block));
  }
  // A line whose block has gone again would be stale.
  for (const auto& [from, to] : moved_) {
    bool there = std::any_of(blocks_.begin(), blocks_.end(),
                             [&to = to](const Block& block) { return block.address == to; });
    if (there) out += fmt::format("moved {} -> {}\n", from, to);
  }
  return out;
}

}  // namespace carbon::simulation
