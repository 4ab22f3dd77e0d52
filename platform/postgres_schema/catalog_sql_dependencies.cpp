#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view dependencies = R"sql(
WITH space AS (SELECT oid FROM pg_namespace WHERE nspname = $1),
relations AS MATERIALIZED (SELECT c.oid, c.relkind, c.reltype FROM pg_class c WHERE c.relnamespace = (SELECT oid
    FROM space)),
member (class, oid) AS MATERIALIZED (
  SELECT 'pg_class'::regclass::oid, oid FROM relations
  UNION ALL SELECT 'pg_type'::regclass, t.oid FROM pg_type t WHERE t.typnamespace = (SELECT oid FROM space)
  UNION ALL SELECT 'pg_proc'::regclass, p.oid FROM pg_proc p WHERE p.pronamespace = (SELECT oid FROM space)
  UNION ALL SELECT 'pg_constraint'::regclass, k.oid FROM pg_constraint k WHERE k.connamespace = (SELECT oid
      FROM space)),
part (class, oid) AS MATERIALIZED (
  TABLE member
  UNION ALL SELECT 'pg_attrdef'::regclass, v.oid FROM relations r JOIN pg_attrdef v ON v.adrelid = r.oid
  UNION ALL SELECT 'pg_rewrite'::regclass, w.oid FROM relations r JOIN pg_rewrite w ON w.ev_class = r.oid
  UNION ALL SELECT 'pg_trigger'::regclass, g.oid FROM relations r JOIN pg_trigger g ON g.tgrelid = r.oid
  UNION ALL SELECT 'pg_policy'::regclass, p.oid FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
  UNION ALL SELECT 'pg_statistic_ext'::regclass, s.oid FROM relations r JOIN pg_statistic_ext s ON s.stxrelid = r.oid)
SELECT 'alias' AS kind, 'pg_type' AS catalog, r.reltype AS oid, 0 AS part, 'pg_class' AS ref_catalog,
    r.oid AS ref_oid, 0 AS ref_part, NULL AS words
FROM relations r WHERE r.reltype <> 0
UNION ALL
SELECT 'alias', 'pg_type', t.typarray, 0, 'pg_type', t.oid, 0, NULL FROM pg_type t
    WHERE t.typnamespace = (SELECT oid FROM space) AND t.typarray <> 0
UNION ALL@MULTIRANGE_ALIAS@
SELECT 'alias', 'pg_rewrite', w.oid, 0, 'pg_class', w.ev_class, 0, NULL FROM relations r
    JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename = '_RETURN'
UNION ALL
SELECT 'alias', 'pg_attrdef', v.oid, 0, 'pg_class', v.adrelid, v.adnum, NULL FROM relations r
    JOIN pg_attrdef v ON v.adrelid = r.oid JOIN pg_attribute a ON a.attrelid = v.adrelid AND a.attnum = v.adnum
        WHERE a.attgenerated <> ''
UNION ALL
SELECT 'alias', 'pg_class', k.conindid, 0, 'pg_constraint', k.oid, 0, NULL FROM relations r
    JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype IN ('p', 'u', 'x')
UNION ALL
SELECT 'alias', 'pg_class', d.objid, 0, 'pg_class', d.refobjid, d.refobjsubid, NULL FROM relations r
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = r.oid AND d.deptype = 'i'
        AND d.refclassid = 'pg_class'::regclass WHERE r.relkind = 'S'
UNION ALL
SELECT 'alias', 'pg_proc', d.objid, 0, 'pg_type', d.refobjid, 0, NULL FROM member m
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = m.oid AND d.deptype = 'i'
        AND d.refclassid = 'pg_type'::regclass WHERE m.class = 'pg_proc'::regclass
UNION ALL
SELECT DISTINCT 'depends', d.classid::regclass::text, d.objid, d.objsubid, d.refclassid::regclass::text, d.refobjid,
    d.refobjsubid,
  CASE WHEN d.deptype <> 'n' OR part.oid IS NOT NULL THEN NULL
      WHEN d.classid = 'pg_rewrite'::regclass THEN pg_describe_object('pg_class'::regclass, (SELECT w.ev_class
          FROM pg_rewrite w WHERE w.oid = d.objid), 0) ELSE pg_describe_object(d.classid, d.objid, d.objsubid) END
FROM member m JOIN pg_depend d ON d.refclassid = m.class AND d.refobjid = m.oid AND d.deptype NOT IN ('e', 'x')
  LEFT JOIN part ON part.class = d.classid AND part.oid = d.objid
WHERE (d.deptype = 'n' OR part.oid IS NOT NULL)
  AND NOT (d.deptype = 'a' AND d.classid = 'pg_class'::regclass AND EXISTS (SELECT FROM relations s
      WHERE s.oid = d.objid AND s.relkind = 'S'))
)sql";

}  // namespace carbon::postgres::sql
