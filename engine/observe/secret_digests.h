#pragma once

#include "engine/observe/observer.h"

namespace carbon {

/// Fills LiveState::digests (what is wanted, as far as its content is known now) and live_digests (what
/// secret-bearing fields of live objects hold). Contents live only inside the call.
void digest_secrets(const ObserveInput& input, LiveState& live);

/// Digests of the secret-bearing fields of one live object, by path. `desired` says which view the schema
/// takes.
[[nodiscard]] std::map<std::string, std::string> digest_live_object(SecretSource& secrets,
                                                                    const Address& address,
                                                                    const ResourceType& type,
                                                                    const Value& desired,
                                                                    const LiveObject& object);

}  // namespace carbon
