#include "engine/ports/connector.h"

namespace carbon {

Task<std::vector<std::string>> Connector::names(const ResourceType*, std::string) {
  std::vector<std::string> none;
  co_return none;
}

}  // namespace carbon
