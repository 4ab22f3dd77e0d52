#pragma once

#include "engine/observe/observer.h"

namespace carbon {

/// Fills LiveState::digests (what is wanted, as far as its content is known now) and live_digests (what
/// secret-bearing fields of live objects hold). Contents live only inside the call.
void digest_secrets(const ObserveInput& input, LiveState& live);

}  // namespace carbon
