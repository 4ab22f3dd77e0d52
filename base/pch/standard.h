// Precompiled in debug builds for all sources: what most of them include, and
// parsing of which is a third of a source's time. Every source still includes what it uses: the optimised
// builds have no such header (scripts/build).
#ifndef CARBON_BASE_PCH_STANDARD_H  // `#pragma once` warns in a header that is compiled by itself
#define CARBON_BASE_PCH_STANDARD_H

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/core.h>
#include <fmt/format.h>
#include <tl/expected.hpp>

// The few targets that know nothing of base/ do without.
#if __has_include("base/value.h")
#include "base/diagnostic.h"
#include "base/field_path.h"
#include "base/result.h"
#include "base/source.h"
#include "base/type.h"
#include "base/value.h"
#endif

#endif
