#pragma once

#include "tests/support/thing_random.h"
#include "tests/support/thing_world.h"

namespace carbon::test {

/// A live object with that content.
[[nodiscard]] LiveObject there(Value value);

/// Twelve things in every state: absent, as declared, changed by others, owned without a block.
void fill(ThingWorld& world, Random& random);

/// Carries a plan out on the world, as servers and inventory would.
void carry_out(ThingWorld& world, const Plan& plan);

}  // namespace carbon::test
