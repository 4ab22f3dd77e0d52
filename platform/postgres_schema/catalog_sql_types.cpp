#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view types = R"sql(
SELECT 'pg_type', t.oid, 0, 'enumeration', '', t.typname,
  json_strip_nulls(json_build_object(
    'labels', coalesce((SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e
        WHERE e.enumtypid = t.oid), '[]'),
    'comment', @COMMENT(pg_type,t.oid)@,
    'grants', @ACL(t.typacl,t.typowner,USAGE)@))::text
FROM pg_type t
WHERE t.typnamespace = (SELECT oid FROM space) AND t.typtype = 'e' AND @OWN(pg_type,t.oid)@
UNION ALL
SELECT 'pg_type', t.oid, 0, 'domain', '', t.typname,
  json_strip_nulls(json_build_object(
    'type', format_type(t.typbasetype, t.typtypmod),
    'collation', @COLLATION(t.typcollation,t.typbasetype)@,
    'not_null', CASE WHEN t.typnotnull THEN true END,
    'default', coalesce(pg_get_expr(t.typdefaultbin, 'pg_type'::regclass), t.typdefault),
    'comment', @COMMENT(pg_type,t.oid)@,
    'grants', @ACL(t.typacl,t.typowner,USAGE)@))::text
FROM pg_type t
WHERE t.typnamespace = (SELECT oid FROM space) AND t.typtype = 'd' AND @OWN(pg_type,t.oid)@
UNION ALL
SELECT 'pg_type', t.oid, 0, 'range_type', '', t.typname,
  json_strip_nulls(json_build_object(
    'definition', concat_ws(', ', 'SUBTYPE = ' || format_type(r.rngsubtype, NULL),
      (SELECT 'SUBTYPE_OPCLASS = ' || quote_ident(n.nspname) || '.' || quote_ident(o.opcname) FROM pg_opclass o
          JOIN pg_namespace n ON n.oid = o.opcnamespace WHERE o.oid = r.rngsubopc AND NOT o.opcdefault),
      'COLLATION = ' || @COLLATION(r.rngcollation,r.rngsubtype)@,
      'CANONICAL = ' || nullif(r.rngcanonical::text, '-'), 'SUBTYPE_DIFF = '
          || nullif(r.rngsubdiff::text, '-')),@MULTIRANGE@
    'comment', @COMMENT(pg_type,t.oid)@,
    'grants', @ACL(t.typacl,t.typowner,USAGE)@))::text
FROM pg_type t JOIN pg_range r ON r.rngtypid = t.oid
WHERE t.typnamespace = (SELECT oid FROM space) AND @OWN(pg_type,t.oid)@
UNION ALL
SELECT 'pg_class', c.oid, 0, 'composite_type', '', t.typname,
  json_strip_nulls(json_build_object(
    'attributes', coalesce((
      SELECT json_agg(json_strip_nulls(json_build_object('name', a.attname,
          'type', format_type(a.atttypid, a.atttypmod), 'comment', d.description,
          'collation', @COLLATION(a.attcollation,a.atttypid)@)) ORDER BY a.attnum)
      FROM pg_attribute a LEFT JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass
          AND d.objsubid = a.attnum
      WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), '[]'),
    'comment', @COMMENT(pg_type,t.oid)@,
    'grants', @ACL(t.typacl,t.typowner,USAGE)@))::text
FROM pg_type t JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
WHERE t.typnamespace = (SELECT oid FROM space) AND @OWN(pg_type,t.oid)@
)sql";

}  // namespace carbon::postgres::sql
