#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view relations = R"sql(
SELECT 'pg_class' AS catalog, c.oid, 0 AS part,
  CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' ELSE 'table' END AS class,
  '' AS parent, c.relname::text AS name,
  json_strip_nulls(json_build_object(
    'unlogged', CASE c.relpersistence WHEN 'u' THEN true END,
    'access_method', (SELECT a.amname FROM pg_am a WHERE a.oid = c.relam AND a.amname <> 'heap'),
    'partition_by', CASE c.relkind WHEN 'p' THEN pg_get_partkeydef(c.oid) END,
    'partition_of', CASE WHEN c.relispartition THEN (SELECT p.relname FROM pg_inherits i
        JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid) END,
    'bound', pg_get_expr(c.relpartbound, c.oid),
    'inherits', CASE WHEN NOT c.relispartition AND c.relkind = 'r' THEN (SELECT json_agg(p.relname
        ORDER BY i.inhseqno) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent WHERE i.inhrelid = c.oid) END,
    'options', (SELECT json_agg(o.text ORDER BY o.text) FROM (SELECT unnest(c.reloptions) UNION ALL SELECT 'toast.'
        || unnest(t.reloptions) FROM pg_class t WHERE t.oid = c.reltoastrelid) AS o(text)),
    'row_security', CASE WHEN c.relrowsecurity THEN CASE WHEN c.relforcerowsecurity THEN 'forced' ELSE 'enabled' END
        WHEN c.relforcerowsecurity THEN 'forced, disabled' END,
    'replica_identity', CASE WHEN c.relkind IN ('r', 'p') THEN CASE c.relreplident WHEN 'n' THEN 'NOTHING'
        WHEN 'f' THEN 'FULL' WHEN 'i' THEN (SELECT 'USING INDEX ' || quote_ident(r.relname) FROM pg_index i
            JOIN pg_class r ON r.oid = i.indexrelid WHERE i.indrelid = c.oid AND i.indisreplident) END END,
    'clustered_on', (SELECT r.relname FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
        WHERE i.indrelid = c.oid AND i.indisclustered),
    'definition', CASE WHEN c.relkind IN ('v', 'm') THEN rtrim(pg_get_viewdef(c.oid), ';') END,
    'columns', CASE WHEN c.relkind IN ('v', 'm') THEN (
      SELECT json_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod) ||
          coalesce(' COLLATE ' || @COLLATION(a.attcollation,a.atttypid)@, '') ORDER BY a.attnum)
      FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'column_comments', CASE WHEN c.relkind IN ('v', 'm') THEN (
      SELECT json_object_agg(a.attname, d.description) FROM pg_attribute a
          JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass
              AND d.objsubid = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) END,
    'column_grants', CASE WHEN c.relkind IN ('v', 'm') THEN (
      SELECT json_object_agg(a.attname, @ACL(a.attacl,c.relowner,)@) FROM pg_attribute a WHERE a.attrelid = c.oid
          AND a.attacl IS NOT NULL AND a.attnum > 0 AND NOT a.attisdropped) END,
    'comment', @COMMENT(pg_class,c.oid)@,
    'grants', @ACL(c.relacl,c.relowner,)@))::text AS properties
FROM pg_class c
WHERE c.relnamespace = (SELECT oid FROM space) AND c.relkind IN ('r', 'p', 'v', 'm') AND @OWN(pg_class,c.oid)@
UNION ALL
SELECT 'pg_class', c.oid, 0, 'sequence', '', c.relname,
  json_strip_nulls(json_build_object(
    'unlogged', CASE c.relpersistence WHEN 'u' THEN true END,
    'type', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment', s.seqincrement, 'min', s.seqmin,
    'max', s.seqmax, 'cache', s.seqcache, 'cycle', CASE WHEN s.seqcycle THEN true END,
    'comment', @COMMENT(pg_class,c.oid)@,
    'grants', @ACL(c.relacl,c.relowner,)@))::text
FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
WHERE c.relnamespace = (SELECT oid FROM space) AND @OWN(pg_class,c.oid)@
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_class'::regclass AND i.objid = c.oid
      AND i.deptype = 'i')
UNION ALL
SELECT '', 0, 0, 'sequence_owner', '', c.relname,
  json_build_object('table', t.relname, 'column', a.attname)::text
FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
    AND d.refclassid = 'pg_class'::regclass AND d.refobjsubid > 0
  JOIN pg_class t ON t.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE c.relnamespace = (SELECT oid FROM space) AND c.relkind = 'S' AND t.relnamespace = c.relnamespace
    AND @OWN(pg_class,c.oid)@
)sql";

}  // namespace carbon::postgres::sql
