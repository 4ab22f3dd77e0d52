#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "engine/plan/plan.h"

namespace carbon {

/// What a comment on a pull request remembers of the plan that it shows, so that the next one can say what is
/// new since: digests of addresses and of what is planned for them, in a line that readers do not see. No
/// names, no values.
struct CommentMemory {
  bool complete = false;                       ///< false: there is none, or the plan was too large for it
  std::map<std::string, std::string> changes;  ///< digest of the address -> digest of the change
};

/// SHA-256 in hex.
using TextDigest = std::function<std::string(std::string_view)>;

/// How many changes are remembered: with more, the memory would take the room of what people read.
inline constexpr std::size_t most_remembered = 500;

[[nodiscard]] CommentMemory memory_of(const Plan& plan, const TextDigest& digest);
/// The digest that stands for an address.
[[nodiscard]] std::string remembered_address(std::string_view address, const TextDigest& digest);

/// `<!-- carbon:changes 1 … -->`
[[nodiscard]] std::string encode_memory(const CommentMemory& memory);
/// Reads that line of a comment. Whatever else stands there is no memory: a comment may have been edited by
/// hand.
[[nodiscard]] CommentMemory decode_memory(std::string_view comment);

}  // namespace carbon
