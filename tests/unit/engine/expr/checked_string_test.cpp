#include "engine/expr/checked_string.h"

#include <doctest/doctest.h>

#include "engine/expr/ip_address.h"

using namespace carbon;

namespace {

/// What is wrong, or "" for nothing.
std::string problem(CheckedString checked, std::string_view text) {
  return string_problem(checked, text, {}).value_or("");
}

void accepts(CheckedString checked, std::initializer_list<std::string_view> texts) {
  for (std::string_view text : texts) {
    CAPTURE(text);
    CHECK(problem(checked, text) == "");
  }
}

void refuses(CheckedString checked, std::initializer_list<std::string_view> texts) {
  for (std::string_view text : texts) {
    CAPTURE(text);
    CHECK(problem(checked, text) != "");
  }
}

}  // namespace

TEST_CASE("cron: five fields, each in its range") {
  accepts(CheckedString::cron, {"* * * * *", "0 2 * * *", "*/15 0-6,22 1,15 JAN-mar MON-FRI", "0 0 1 1 ?",
                                "5/10 * * * 7", "@daily", "@every 1h30m"});
  refuses(CheckedString::cron, {"", "@", "@often", "@every", "@every x", "0 24 * * *", "60 * * * *",
                                "* * 0 * *", "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *",
                                "a * * * *", "1, * * * *", "-1 * * * *", "1- * * * *", "* * * FOO *"});
  CHECK(problem(CheckedString::cron, "0 2 * *") == "4 fields, expected 5: minute hour day month weekday");
  CHECK(problem(CheckedString::cron, "0 0 2 * * *") == "6 fields, expected 5: minute hour day month weekday");
  CHECK(problem(CheckedString::cron, "61 * * * *") == "minute `61` is outside 0 to 59");
}

TEST_CASE("cron in words") {
  CHECK(describe_cron("0 2 * * *") == "daily at 02:00");
  CHECK(describe_cron("@daily") == "daily at 00:00");
  CHECK(describe_cron("@every 90m") == "every 1h30min");
  CHECK(describe_cron("* * * * *") == "every minute");
  CHECK(describe_cron("*/1 * * * *") == "every minute");
  CHECK(describe_cron("*/15 * * * *") == "every 15 minutes");
  CHECK(describe_cron("5 * * * *") == "hourly at minute 5");
  CHECK(describe_cron("5 */6 * * *") == "every 6 hours at minute 5");
  CHECK(describe_cron("30 4 * * 0") == "weekly on Sunday at 04:30");
  CHECK(describe_cron("30 4 * * mon-fri") == "weekly on Monday to Friday at 04:30");
  CHECK(describe_cron("0 0 * * 1,3,5") == "weekly on Monday, Wednesday and Friday at 00:00");
  CHECK(describe_cron("0 3 1 * *") == "monthly on day 1 at 03:00");
  CHECK(describe_cron("0 3 24 12 *") == "yearly on 24 December at 03:00");
  for (std::string_view text :
       {"0 2 * *", "1,2 3 * * *", "0 0 1 * 1", "0 0 1-5 * *", "0 0 * * */2", "0 0 1 1,2 *"}) {
    CAPTURE(text);
    CHECK(describe_cron(text) == "");
  }
}

TEST_CASE("addresses and ranges") {
  accepts(CheckedString::ip, {"10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1", "fe80:0:0:0:1:2:3:4",
                              "::ffff:10.0.0.1", "1:2:3:4:5:6:1.2.3.4"});
  refuses(CheckedString::ip,
          {"", "10.0.0", "10.0.0.256", "10.0.0.01", "10.0.0.1.2", "1:2:3", ":::", "1::2::3",
           "g::", "10.0.0.1/8", "1.2.3.4::", "1:2:3:4:5:6:7:8:9", "fe80::1%eth0", ":1", "1:2:3:4:5:6:7:"});
  accepts(CheckedString::cidr, {"10.0.0.0/8", "10.0.0.5/24", "0.0.0.0/0", "2001:db8::/32", "::/128"});
  refuses(CheckedString::cidr,
          {"10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/", "10.0.0.0/08", "x/8", "10.0.0.0/-1"});
  CHECK(problem(CheckedString::cidr, "10.0.0.0") == "the length is missing: expected `10.0.0.0/8`");
  CHECK(problem(CheckedString::cidr, "10.0.0.0/33") == "the length after `/` is a number from 0 to 32");
  CHECK(problem(CheckedString::ip, "10.0.0.0/8") == "an address has no `/`: that is a `cidr`");
}

TEST_CASE("IPv6 text is canonical") {
  auto text = [](std::string_view written) { return IpAddress::parse(written)->text(); };
  CHECK(text("2001:DB8:0:0:0:0:0:1") == "2001:db8::1");
  CHECK(text("0:0:0:0:0:0:0:0") == "::");
  CHECK(text("1:0:0:2:0:0:0:3") == "1:0:0:2::3");
  CHECK(text("1:0:2:3:4:5:6:7") == "1:0:2:3:4:5:6:7");
  CHECK(text("1:2:3:4:5:6:0:0") == "1:2:3:4:5:6::");
  CHECK(IpNetwork::parse("10.1.2.3/12")->network().text() == "10.0.0.0/12");
  CHECK(IpNetwork::parse("2001:db8:ffff::/33")->network().text() == "2001:db8:8000::/33");
}

TEST_CASE("URLs") {
  accepts(CheckedString::url,
          {"https://example.com", "http://minio.storage:9000/a?b=c#d", "s3://bucket/key",
           "jdbc:postgresql://db:5432/orders", "https://user:p%40ss@host/x", "http://[::1]:80/",
           "file:///etc/x", "mongodb://a:1,b:2/db", "postgresql://main-rw.db.svc:5432"});
  refuses(CheckedString::url,
          {"", "example.com", "://x", "http://", "http:///path", "http://a b", "1http://x",
           "http://host:99999", "http://host:x", "http://[::g]/", "http://[::1]x", "ht_tp://x", "http://hö"});
  CHECK(problem(CheckedString::url, "example.com") ==
        "expected `scheme://host`, such as `https://example.com`");
}

TEST_CASE("DNS names and labels") {
  accepts(
      CheckedString::dns_label,
      {"a", "a-b", "0", std::string_view("x23456789012345678901234567890123456789012345678901234567890123")});
  refuses(CheckedString::dns_label, {"", "-a", "a-", "A", "a.b", "a_b", "ä"});
  CHECK(problem(CheckedString::dns_label, "a_b") == "`_` is not allowed, use `-`");
  CHECK(problem(CheckedString::dns_label, "A") == "upper case is not allowed");
  CHECK(problem(CheckedString::dns_label, std::string(64, 'a')) == "64 characters, at most 63");
  accepts(CheckedString::dns_name, {"example.com", "a", "a-b.c.d"});
  refuses(CheckedString::dns_name, {"", "a..b", ".a", "a.", "https://a", "A.b", "a_b.c"});
  CHECK(problem(CheckedString::dns_name, "example.com.") == "no final dot");
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "a.";
  CHECK(problem(CheckedString::dns_name, longest + "aa") == "256 characters, at most 253");
}

TEST_CASE("semantic versions") {
  accepts(CheckedString::semver,
          {"1.2.3", "0.0.0", "1.0.0-alpha.1", "1.0.0-0a", "1.0.0+build.01", "1.0.0-x-y+z"});
  refuses(CheckedString::semver, {"", "1.2", "1.2.3.4", "v1.2.3", "01.2.3", "1.2.x", "1.2.3-", "1.2.3-01",
                                  "1.2.3+", "1.2.3-a..b", "1.2.3-ä"});
  CHECK(problem(CheckedString::semver, "1.2") == "expected three numbers: major.minor.patch");
}

TEST_CASE("every checked string has a name") {
  for (CheckedString checked :
       {CheckedString::cron, CheckedString::cidr, CheckedString::ip, CheckedString::url,
        CheckedString::dns_name, CheckedString::dns_label, CheckedString::semver, CheckedString::regex}) {
    CHECK(describe(checked).starts_with("a"));
  }
  accepts(CheckedString::regex, {"("});  // checked only where RE2 is at hand
  accepts(CheckedString::none, {"anything"});
}
