#pragma once

#include <span>
#include <string>
#include <string_view>

namespace carbon::fuzz {

/// Takes any bytes and returns, or aborts by `broken` when something that it asserts does not hold.
using Target = void (*)(std::string_view input);

void check_format(std::string_view input);
void check_json(std::string_view input);
void check_kubeconfig(std::string_view input);
void check_parse(std::string_view input);
void check_plan_file(std::string_view input);
void check_platform(std::string_view input);
void check_replies(std::string_view input);
void check_schema(std::string_view input);
void check_sql_quoting(std::string_view input);
void check_views(std::string_view input);
void check_xml(std::string_view input);
void check_yaml(std::string_view input);

/// Says what does not hold, with the text that shows it, and aborts.
[[noreturn]] void broken(std::string_view what, std::string_view shown);

/// Aborts unless it holds.
inline void demand(bool holds, std::string_view what, std::string_view shown) {
  if (!holds) broken(what, shown);
}

}  // namespace carbon::fuzz
