#include "platform/sandbox/serve/served_databases.h"

#include <fmt/core.h>

namespace carbon::sandbox {

void ServedDatabases::start_new(const Ready& ready, const Trouble& trouble) {
  for (const PostgresEndpoint& endpoint : servers_.existing()) {
    if (!told_.insert(endpoint).second) continue;
    auto started = servers_.start(endpoint);
    if (started) {
      ready({fmt::format("{}:{}", endpoint.host, endpoint.port), started->psql()});
    } else {
      trouble(started.error());
    }
  }
}

}  // namespace carbon::sandbox
