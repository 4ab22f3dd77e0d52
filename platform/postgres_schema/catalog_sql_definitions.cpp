#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view definitions = R"sql(
WITH relations AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relkind FROM pg_class c
  WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relkind IN ('r', 'p', 'm', 'v')
      AND @OWN(pg_class,c.oid)@)
SELECT 'pg_constraint' AS catalog, k.oid, 0 AS part, 'constraint' AS class, r.relname::text AS parent,
    k.conname::text AS name,
  json_strip_nulls(json_build_object(
    'kind', CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' WHEN 'x' THEN 'exclusion'
        WHEN 'c' THEN 'check' ELSE 'foreign key' END,
    'definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
    'not_valid', CASE WHEN NOT k.convalidated THEN true END,
    'options', (SELECT to_json(x.reloptions) FROM pg_class x WHERE x.oid = k.conindid
        AND k.contype IN ('p', 'u', 'x')),
    'comment', @COMMENT(pg_constraint,k.oid)@))::text AS properties
FROM relations r JOIN pg_constraint k ON k.conrelid = r.oid
WHERE k.contype IN ('p', 'u', 'x', 'c', 'f') AND k.conparentid = 0 AND k.coninhcount = 0
UNION ALL
SELECT 'pg_constraint', k.oid, 0, 'domain_constraint', t.typname, k.conname,
  json_strip_nulls(json_build_object('definition', regexp_replace(pg_get_constraintdef(k.oid), ' NOT VALID$', ''),
    'not_valid', CASE WHEN NOT k.convalidated THEN true END, 'comment', @COMMENT(pg_constraint,k.oid)@))::text
FROM pg_type t JOIN pg_constraint k ON k.contypid = t.oid
WHERE t.typnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND t.typtype = 'd' AND k.contype = 'c'
    AND @OWN(pg_type,t.oid)@
UNION ALL
SELECT 'pg_class', x.oid, 0, CASE r.relkind WHEN 'm' THEN 'materialized_view_index'
    ELSE 'index' END, r.relname, x.relname,
  json_strip_nulls(json_build_object('definition', pg_get_indexdef(x.oid),
    'invalid', CASE WHEN NOT i.indisvalid AND x.relkind = 'i' THEN true END,
    'comment', @COMMENT(pg_class,x.oid)@))::text
FROM relations r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class x ON x.oid = i.indexrelid
WHERE NOT x.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = x.oid AND k.contype IN ('p', 'u', 'x'))
UNION ALL
SELECT 'pg_statistic_ext', s.oid, 0, 'statistics', r.relname, s.stxname,
  json_strip_nulls(json_build_object('definition', pg_get_statisticsobjdef(s.oid), 'comment',
      @COMMENT(pg_statistic_ext,s.oid)@))::text
FROM relations r JOIN pg_statistic_ext s ON s.stxrelid = r.oid
WHERE s.stxnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND r.relkind IN ('r', 'p')
UNION ALL
SELECT 'pg_trigger', g.oid, 0, CASE r.relkind WHEN 'v' THEN 'view_trigger' ELSE 'trigger' END, r.relname, g.tgname,
  json_strip_nulls(json_build_object('definition', pg_get_triggerdef(g.oid),
    'enabled', CASE g.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
        WHEN 'A' THEN 'ENABLE ALWAYS' END,
    'comment', @COMMENT(pg_trigger,g.oid)@))::text
FROM relations r JOIN pg_trigger g ON g.tgrelid = r.oid
WHERE NOT g.tgisinternal
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_trigger'::regclass AND d.objid = g.oid
      AND d.refclassid = 'pg_trigger'::regclass)
UNION ALL
SELECT 'pg_policy', p.oid, 0, 'policy', r.relname, p.polname,
  json_strip_nulls(json_build_object(
    'command', CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
        WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    'restrictive', CASE WHEN NOT p.polpermissive THEN true END,
    'roles', (SELECT json_agg(coalesce(o.rolname, 'public') ORDER BY o.rolname) FROM unnest(p.polroles) AS u(oid)
        LEFT JOIN pg_roles o ON o.oid = u.oid),
    'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid),
    'comment', @COMMENT(pg_policy,p.oid)@))::text
FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
)sql";

}  // namespace carbon::postgres::sql
