#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view columns = R"sql(
WITH tables AS MATERIALIZED (
  SELECT c.oid, c.relname, c.relowner FROM pg_class c
  WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = $1) AND c.relkind IN ('r', 'p')
      AND @OWN(pg_class,c.oid)@),
identity AS MATERIALIZED (
  SELECT d.refobjid AS relid, d.refobjsubid AS attnum, s.*
  FROM tables t JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = t.oid
      AND d.classid = 'pg_class'::regclass AND d.deptype = 'i' AND d.refobjsubid > 0
    JOIN pg_sequence s ON s.seqrelid = d.objid)
SELECT 'pg_class' AS catalog, a.attrelid AS oid, a.attnum::int AS part, 'column' AS class, t.relname::text AS parent,
    a.attname::text AS name,
  json_strip_nulls(json_build_object(
    'type', format_type(a.atttypid, a.atttypmod),
    'collation', CASE WHEN a.attcollation <> y.typcollation THEN @COLLATION(a.attcollation,a.atttypid)@ END,
    'not_null', CASE WHEN a.attnotnull THEN true END,
    'identity', CASE WHEN a.attidentity <> '' THEN json_strip_nulls(json_build_object('generated',
        CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, 'start', i.seqstart,
            'increment', i.seqincrement, 'min', i.seqmin, 'max', i.seqmax, 'cache', i.seqcache, 'cycle', CASE
                WHEN i.seqcycle THEN true END)) END,
    'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(v.adbin, v.adrelid) END,
    'storage', CASE WHEN a.attstorage <> y.typstorage THEN CASE a.attstorage WHEN 'p' THEN 'PLAIN'
        WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END,
    'compression', @COMPRESSION@,
    'statistics', CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END,
    'options', to_json(a.attoptions),
    'inherited', CASE WHEN a.attinhcount > 0 THEN true END,
    'comment', d.description,
    'grants', @ACL(a.attacl,t.relowner,)@))::text AS properties
FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  JOIN pg_type y ON y.oid = a.atttypid
  LEFT JOIN pg_attrdef v ON v.adrelid = a.attrelid AND v.adnum = a.attnum
  LEFT JOIN identity i ON i.relid = a.attrelid AND i.attnum = a.attnum
  LEFT JOIN pg_description d ON d.classoid = 'pg_class'::regclass AND d.objoid = a.attrelid AND d.objsubid = a.attnum
UNION ALL
SELECT 'pg_attrdef', v.oid, 0, 'column_default', t.relname, a.attname,
    json_build_object('expression', pg_get_expr(v.adbin, v.adrelid))::text
FROM tables t JOIN pg_attrdef v ON v.adrelid = t.oid JOIN pg_attribute a ON a.attrelid = v.adrelid
    AND a.attnum = v.adnum
WHERE a.attgenerated = ''
)sql";

}  // namespace carbon::postgres::sql
