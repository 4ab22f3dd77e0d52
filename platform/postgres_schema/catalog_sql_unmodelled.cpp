#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view unmodelled = R"sql(
WITH space AS (SELECT oid FROM pg_namespace WHERE nspname = $1)
SELECT 'foreign table ' || c.relname FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM space)
    AND c.relkind = 'f' AND @OWN(pg_class,c.oid)@
UNION ALL SELECT 'typed table ' || c.relname FROM pg_class c WHERE c.relnamespace = (SELECT oid FROM space)
    AND c.reloftype <> 0 AND @OWN(pg_class,c.oid)@
UNION ALL SELECT 'rule ' || w.rulename || ' of ' || c.relname FROM pg_rewrite w
    JOIN pg_class c ON c.oid = w.ev_class WHERE c.relnamespace = (SELECT oid FROM space) AND w.rulename <> '_RETURN'
        AND @OWN(pg_class,c.oid)@
UNION ALL SELECT 'default of column ' || a.attname || ' of view ' || c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = (SELECT oid FROM space) AND c.relkind = 'v'
        AND a.atthasdef
UNION ALL SELECT 'virtual column ' || a.attname || ' of ' || c.relname FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid WHERE c.relnamespace = (SELECT oid FROM space)
        AND a.attgenerated NOT IN ('', 's') AND @OWN(pg_class,c.oid)@
UNION ALL SELECT 'table ' || c.relname || ' below a table of another schema' FROM pg_class c
    JOIN pg_inherits i ON i.inhrelid = c.oid JOIN pg_class p ON p.oid = i.inhparent
        WHERE c.relnamespace = (SELECT oid FROM space) AND c.relkind IN ('r', 'p')
            AND p.relnamespace <> c.relnamespace
UNION ALL SELECT 'sequence ' || c.relname || ' owned by a table of another schema' FROM pg_class c
    JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'a'
        AND d.refclassid = 'pg_class'::regclass JOIN pg_class t ON t.oid = d.refobjid
            WHERE c.relnamespace = (SELECT oid FROM space) AND c.relkind = 'S' AND t.relnamespace <> c.relnamespace
UNION ALL SELECT 'statistics ' || s.stxname || ' of a table of another schema' FROM pg_statistic_ext s
    JOIN pg_class t ON t.oid = s.stxrelid WHERE s.stxnamespace = (SELECT oid FROM space)
        AND t.relnamespace <> s.stxnamespace
UNION ALL SELECT 'statistics ' || s.stxname || ' of ' || t.relname FROM pg_statistic_ext s
    JOIN pg_class t ON t.oid = s.stxrelid WHERE s.stxnamespace = (SELECT oid FROM space)
        AND t.relnamespace = s.stxnamespace AND t.relkind NOT IN ('r', 'p')
UNION ALL SELECT 'base type ' || t.typname FROM pg_type t WHERE t.typnamespace = (SELECT oid FROM space)
    AND t.typtype IN ('b', 'p') AND t.typelem = 0 AND @OWN(pg_type,t.oid)@
UNION ALL SELECT 'operator ' || o.oprname FROM pg_operator o WHERE o.oprnamespace = (SELECT oid FROM space)
    AND @OWN(pg_operator,o.oid)@
UNION ALL SELECT 'operator class ' || o.opcname FROM pg_opclass o WHERE o.opcnamespace = (SELECT oid FROM space)
    AND @OWN(pg_opclass,o.oid)@
UNION ALL SELECT 'operator family ' || o.opfname FROM pg_opfamily o WHERE o.opfnamespace = (SELECT oid FROM space)
    AND @OWN(pg_opfamily,o.oid)@
UNION ALL SELECT 'collation ' || o.collname FROM pg_collation o WHERE o.collnamespace = (SELECT oid FROM space)
    AND @OWN(pg_collation,o.oid)@
UNION ALL SELECT 'conversion ' || o.conname FROM pg_conversion o WHERE o.connamespace = (SELECT oid FROM space)
    AND @OWN(pg_conversion,o.oid)@
UNION ALL SELECT 'text search configuration ' || o.cfgname FROM pg_ts_config o WHERE o.cfgnamespace = (SELECT oid
    FROM space) AND @OWN(pg_ts_config,o.oid)@
UNION ALL SELECT 'text search dictionary ' || o.dictname FROM pg_ts_dict o WHERE o.dictnamespace = (SELECT oid
    FROM space) AND @OWN(pg_ts_dict,o.oid)@
UNION ALL SELECT 'text search parser ' || o.prsname FROM pg_ts_parser o WHERE o.prsnamespace = (SELECT oid
    FROM space) AND @OWN(pg_ts_parser,o.oid)@
UNION ALL SELECT 'text search template ' || o.tmplname FROM pg_ts_template o WHERE o.tmplnamespace = (SELECT oid
    FROM space) AND @OWN(pg_ts_template,o.oid)@
UNION ALL SELECT DISTINCT 'cast from ' || format_type(k.castsource, NULL) || ' to '
    || format_type(k.casttarget, NULL) FROM pg_cast k JOIN pg_type t ON t.oid IN (k.castsource, k.casttarget)
        WHERE t.typnamespace = (SELECT oid FROM space) AND NOT EXISTS (SELECT FROM pg_depend e
            WHERE e.classid = 'pg_cast'::regclass AND e.objid = k.oid AND e.deptype IN ('e', 'i'))
UNION ALL SELECT 'security label on ' || pg_describe_object(l.classoid, l.objoid, l.objsubid) FROM pg_seclabel l
    WHERE (l.classoid = 'pg_class'::regclass AND l.objoid IN (SELECT oid FROM pg_class
        WHERE relnamespace = (SELECT oid FROM space))) OR (l.classoid = 'pg_proc'::regclass
            AND l.objoid IN (SELECT oid FROM pg_proc WHERE pronamespace = (SELECT oid
                FROM space))) OR (l.classoid = 'pg_type'::regclass AND l.objoid IN (SELECT oid FROM pg_type
                    WHERE typnamespace = (SELECT oid FROM space)))
ORDER BY 1
)sql";

}  // namespace carbon::postgres::sql
