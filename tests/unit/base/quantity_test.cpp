#include "base/quantity.h"

#include <doctest/doctest.h>

using namespace carbon;

namespace {
std::string canonical(std::string_view text) {
  auto parsed = Quantity::parse(text);
  return parsed ? parsed->text() : "-";
}
}  // namespace

TEST_CASE("quantities are spelled as Kubernetes spells them") {
  CHECK(canonical("0") == "0");
  CHECK(canonical("0Gi") == "0");
  CHECK(canonical("1000") == "1k");
  CHECK(canonical("1500") == "1500");
  CHECK(canonical("1500m") == "1500m");
  CHECK(canonical("2000m") == "2");
  CHECK(canonical("1024Ki") == "1Mi");
  CHECK(canonical("1000Ki") == "1000Ki");
  CHECK(canonical("0.5Gi") == "512Mi");
  CHECK(canonical("0.1Ki") == "102400m");
  CHECK(canonical("512") == "512");
  CHECK(canonical(".5") == "500m");
  CHECK(canonical("5.") == "5");
  CHECK(canonical("-1.5") == "-1500m");
  CHECK(canonical("+1") == "1");
  CHECK(canonical("1e3") == "1k");
  CHECK(canonical("1E3") == "1k");
  CHECK(canonical("1e-3") == "1m");
  CHECK(canonical("1E") == "1E");
  CHECK(canonical("1u") == "1u");
  CHECK(canonical("1n") == "1n");
}

TEST_CASE("digits below a billionth round away from zero, as the server does") {
  CHECK(canonical("0.1n") == "1n");
  CHECK(canonical("-0.1n") == "-1n");
  CHECK(canonical("1.0000000001") == "1000000001n");
}

TEST_CASE("other text is no quantity") {
  for (std::string_view text : {"", "-", "Gi", ".", "1.2.3", "1 Gi", "1gi", "1K", "1ki", "0x1", "1e", "1e+",
                                "1e99", "--1", "1Gi ", "inf", "1e3Gi"}) {
    CAPTURE(text);
    CHECK(canonical(text) == "-");
  }
}

TEST_CASE("the largest quantities are refused rather than wrapped") {
  CHECK(canonical("64Ei") == "64Ei");
  CHECK(canonical("170000000000000000000000000000") == "-");
  CHECK(canonical("99999999999Ei") == "-");
}

TEST_CASE("whole units") {
  CHECK(Quantity::parse("8Ei")->units() == std::nullopt);
  CHECK(Quantity::parse("7Ei")->units() == std::int64_t{7} << 60);
  CHECK(Quantity::parse("500m")->units() == std::nullopt);
  CHECK(Quantity::whole(-3).units() == -3);
  CHECK(*Quantity::parse("1Gi") > *Quantity::parse("1G"));
}

TEST_CASE("parse and text are inverse on canonical spellings") {
  for (std::int64_t nanos : {0LL, 1LL, 999LL, 1'000'000'000LL, 1'024'000'000'000LL, 123'456'789'012LL}) {
    for (SuffixFamily family : {SuffixFamily::decimal, SuffixFamily::binary}) {
      Quantity quantity(nanos, family);
      CHECK(*Quantity::parse(quantity.text()) == quantity);
      CHECK(canonical(quantity.text()) == quantity.text());
    }
  }
}

TEST_CASE("durations in carbon's and in Go's words") {
  auto both = [](std::string_view text) {
    Duration duration = *Duration::parse(text);
    return duration.text() + " " + duration.go_text();
  };
  CHECK(both("0") == "0s 0s");
  CHECK(both("1h30m") == "1h30min 1h30m0s");
  CHECK(both("90min") == "1h30min 1h30m0s");
  CHECK(both("1w") == "7d 168h0m0s");
  CHECK(both("1.5s") == "1s500ms 1.5s");
  CHECK(both("1500us") == "1ms500us 1.5ms");
  CHECK(both("5ns") == "5ns 5ns");
  CHECK(both("1µs") == "1us 1µs");
  CHECK(both("-2h") == "-2h -2h0m0s");
  CHECK(both("26h") == "1d2h 26h0m0s");
}

TEST_CASE("other text is no duration") {
  for (std::string_view text : {"", "5", "h", "1x", "1h 30m", "--1h", "1G", "300000d", "1.h.", "1h-30m"}) {
    CAPTURE(text);
    CHECK_FALSE(Duration::parse(text));
  }
}

TEST_CASE("units of literals") {
  CHECK(find_unit("Gi")->dimension == Dimension::bytes);
  CHECK(find_unit("vcpu")->scale == find_unit("cpu")->scale);
  CHECK(find_unit("m")->dimension == Dimension::ambiguous_m);
  CHECK(find_unit("d")->scale == 24 * find_unit("h")->scale);
  CHECK(find_unit("GB") == nullptr);
  CHECK(find_unit("") == nullptr);
}

TEST_CASE("literals are scaled exactly or not at all") {
  CHECK(scaled("1.5", find_unit("Ki")->scale) == Quantity::Nanos{1536} * 1'000'000'000);
  CHECK(scaled("0.1", 1'000'000'000) == 100'000'000);
  CHECK_FALSE(scaled("0.0000000001", 1'000'000'000));
  CHECK_FALSE(scaled("1.2.3", 1));
  CHECK_FALSE(scaled("", 1));
  CHECK_FALSE(scaled("-1", 1));
  CHECK_FALSE(scaled("99999999999999999999999999999", find_unit("Ei")->scale));
}
