#include "dsl/parse/grammar.h"

#include <doctest/doctest.h>

#include <tao/pegtl/contrib/analyze.hpp>

// A unit of its own, because it instantiates the grammar once more.

TEST_CASE("no rule can loop without consuming") { CHECK(tao::pegtl::analyze<carbon::grammar::file>(1) == 0); }
