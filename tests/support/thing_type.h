#pragma once

#include <memory>

#include "engine/model/resource_type.h"

namespace carbon::test {

/// A resource type with one field of every sort, for tests of the diff and the planner: `Thing`, identified
/// by `name`. `volume` is another type of the same shape whose objects bear data. Owned by the object.
class ThingTypes {
 public:
  ThingTypes();

  [[nodiscard]] ResourceTypes& types() { return types_; }
  [[nodiscard]] const ResourceType& thing() const { return *thing_; }
  [[nodiscard]] const ResourceType& volume() const { return *volume_; }

 private:
  ResourceTypes types_;
  const ResourceType* thing_ = nullptr;
  const ResourceType* volume_ = nullptr;
};

}  // namespace carbon::test
