#pragma once

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>

#include "platform/sandbox/sandbox.h"

namespace carbon::test {

/// A folder for one sandbox world; gone with this object, the private PostgreSQL's files too.
struct WorldFolder {
  std::string path;
  WorldFolder() {
    char name[] = "/tmp/carbon-world-XXXXXX";
    path = ::mkdtemp(name);
  }
  WorldFolder(const WorldFolder&) = delete;
  WorldFolder& operator=(const WorldFolder&) = delete;
  ~WorldFolder() {
    std::error_code error;
    std::filesystem::remove_all(std::filesystem::canonical(path + "/postgres/server", error), error);
    std::filesystem::remove_all(path, error);
  }
};

inline std::unique_ptr<sandbox::Sandbox> open_world(const std::string& folder, Io& io) {
  sandbox::Sandbox::Options options;
  options.folder = folder;
  options.wall_clock = io.wall_clock();
  options.seed = 5;
  auto world = sandbox::Sandbox::open(options);
  REQUIRE_MESSAGE(world, (world ? "" : world.error().message()));
  return std::move(*world);
}

}  // namespace carbon::test
