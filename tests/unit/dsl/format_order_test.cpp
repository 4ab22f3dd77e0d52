#include <doctest/doctest.h>

#include "dsl/check/settings.h"
#include "dsl/format/order.h"

using namespace carbon;

TEST_CASE("the formatter has a place for every setting that the checker knows") {
  struct Place {
    SettingPlace place;
    NodeKind declaration;
  };
  static constexpr Place places[] = {
      {SettingPlace::platform, NodeKind::platform}, {SettingPlace::environment, NodeKind::environment},
      {SettingPlace::provider, NodeKind::provider}, {SettingPlace::resource, NodeKind::resource},
      {SettingPlace::lookup, NodeKind::lookup},     {SettingPlace::use, NodeKind::use},
      {SettingPlace::type, NodeKind::type_via},
  };
  for (const Place& each : places) {
    CHECK_FALSE(setting_names(each.place).empty());
    for (std::string_view name : setting_names(each.place)) {
      CAPTURE(name);
      CHECK(layout::setting_rank(each.declaration, name));
    }
  }
}

TEST_CASE("operations have no order but their own") {
  CHECK_FALSE(layout::setting_rank(NodeKind::setting, "get"));
  CHECK_FALSE(layout::setting_rank(NodeKind::resource, "get"));
  CHECK_FALSE(layout::setting_rank(NodeKind::resource, "|"));
}
