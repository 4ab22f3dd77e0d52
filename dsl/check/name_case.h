#pragma once

#include <string>
#include <string_view>

namespace carbon {

/// `dbPassword`, `DB_PASSWORD`, `db-password`, `HTTPPort`: `db_password`, `http_port`.
[[nodiscard]] std::string snake_case(std::string_view name);
/// `app_database`, `appDatabase`: `AppDatabase`. A `_` at the beginning stays.
[[nodiscard]] std::string upper_camel_case(std::string_view name);

/// No capital letter.
[[nodiscard]] bool is_snake_case(std::string_view name);
/// A capital letter first, but for a `_` before it, and no `_` behind it.
[[nodiscard]] bool is_upper_camel_case(std::string_view name);

}  // namespace carbon
