#include "platform/postgres_schema/catalog_sql.h"

#include <fmt/core.h>

#include <array>
#include <vector>

namespace carbon::postgres::sql {

namespace {

struct Fragment {
  std::string_view name;
  int since;  ///< server_version_num; older servers get nothing
  std::string_view text;
};

constexpr std::array fragments = {
    Fragment{
        "COMMENT", 0,
        "(SELECT d.description FROM pg_description d WHERE d.classoid = '{0}'::regclass AND d.objoid = {1} "
        "AND d.objsubid = 0)"},
    Fragment{"COLLATION", 0,
             "(SELECT quote_ident(ln.nspname) || '.' || quote_ident(l.collname) FROM pg_collation l "
             "JOIN pg_namespace ln ON ln.oid = l.collnamespace JOIN pg_type lt ON lt.oid = {1} "
             "WHERE l.oid = {0} AND lt.typcollation <> l.oid)"},
    Fragment{"OWN", 0,
             "NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = '{0}'::regclass AND e.objid = {1} "
             "AND e.deptype = 'e')"},
    Fragment{
        "ACL", 0,
        "CASE WHEN {0} IS NOT NULL THEN (SELECT json_object_agg(g.grantee, g.privileges) FROM ("
        "SELECT coalesce(r.rolname, 'public') AS grantee, "
        "json_object_agg(e.privilege, e.state ORDER BY e.privilege) AS privileges FROM ("
        "SELECT x.grantee, x.privilege_type, CASE WHEN bool_or(x.is_grantable) THEN 'grantable' "
        "ELSE 'granted' END FROM aclexplode({0}) x WHERE x.grantee <> {1} "
        "AND NOT (x.grantee = 0 AND x.privilege_type = '{2}' AND NOT x.is_grantable) GROUP BY 1, 2 "
        "UNION ALL SELECT 0::oid, '{2}', 'revoked' WHERE '{2}' <> '' AND NOT EXISTS ("
        "SELECT FROM aclexplode({0}) y WHERE y.grantee = 0 AND y.privilege_type = '{2}')"
        ") AS e(grantee, privilege, state) LEFT JOIN pg_roles r ON r.oid = e.grantee GROUP BY 1) AS g) END"},
    Fragment{"COMPRESSION", 140000, "CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END"},
    Fragment{"MULTIRANGE", 140000,
             " 'multirange', (SELECT m.typname FROM pg_type m WHERE m.oid = r.rngmultitypid),"},
    Fragment{"MULTIRANGE_ALIAS", 140000,
             " SELECT 'alias', 'pg_type', r.rngmultitypid, 0, 'pg_type', r.rngtypid, 0, NULL "
             "FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid "
             "WHERE t.typnamespace = (SELECT oid FROM space)\nUNION ALL"},
};

const Fragment& fragment_of(std::string_view name) {
  std::size_t at = 0;
  while (fragments[at].name != name) ++at;
  return fragments[at];
}

std::string filled(std::string_view text, const std::vector<std::string>& arguments) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '{') {
      out += arguments.at(static_cast<std::size_t>(text[at + 1] - '0'));
      at += 2;
    } else {
      out += text[at];
    }
  }
  return out;
}

/// `NAME(a,b)` or `NAME`.
std::string fragment_text(std::string_view use, int server_version) {
  std::size_t open = use.find('(');
  std::vector<std::string> arguments;
  if (open != std::string_view::npos) {
    std::string_view list = use.substr(open + 1, use.size() - open - 2);
    for (std::size_t comma = 0; comma != std::string_view::npos;) {
      comma = list.find(',');
      arguments.emplace_back(list.substr(0, comma));
      if (comma != std::string_view::npos) list.remove_prefix(comma + 1);
    }
  }
  const Fragment& fragment = fragment_of(use.substr(0, open));
  if (server_version >= fragment.since) return filled(fragment.text, arguments);
  return fragment.name == "COMPRESSION" ? "NULL::text" : "";
}

}  // namespace

std::string expand(std::string_view query, int server_version) {
  std::string out;
  while (true) {
    std::size_t begin = query.find('@');
    out += query.substr(0, begin);
    if (begin == std::string_view::npos) return out;
    std::size_t end = query.find('@', begin + 1);
    out += fragment_text(query.substr(begin + 1, end - begin - 1), server_version);
    query.remove_prefix(end + 1);
  }
}

}  // namespace carbon::postgres::sql
