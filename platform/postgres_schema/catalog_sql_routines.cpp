#include "platform/postgres_schema/catalog_sql.h"

namespace carbon::postgres::sql {

const std::string_view routines = R"sql(
SELECT 'pg_proc', p.oid, 0, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, '',
  p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
  json_strip_nulls(json_build_object(
    'signature', p.oid::regprocedure::text, 'arguments', pg_get_function_arguments(p.oid),
    'returns', pg_get_function_result(p.oid), 'window', CASE p.prokind WHEN 'w' THEN true END,
    'definition', rtrim(pg_get_functiondef(p.oid), E'\n'),
    'comment', @COMMENT(pg_proc,p.oid)@,
    'grants', @ACL(p.proacl,p.proowner,EXECUTE)@))::text
FROM pg_proc p
WHERE p.pronamespace = (SELECT oid FROM space) AND p.prokind <> 'a' AND @OWN(pg_proc,p.oid)@ AND NOT EXISTS (SELECT
    FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
UNION ALL
SELECT 'pg_proc', p.oid, 0, 'aggregate', '', p.proname || '(' || oidvectortypes(p.proargtypes) || ')',
  json_strip_nulls(json_build_object(
    'signature', p.oid::regprocedure::text,
    'arguments', CASE WHEN p.pronargs = 0 THEN '*' ELSE pg_get_function_arguments(p.oid) END,
    'definition', concat_ws(', ',
      'SFUNC = ' || g.aggtransfn::text, 'STYPE = ' || format_type(g.aggtranstype, NULL),
      'SSPACE = ' || nullif(g.aggtransspace, 0),
      'FINALFUNC = ' || nullif(g.aggfinalfn::text, '-'), CASE WHEN g.aggfinalextra THEN 'FINALFUNC_EXTRA' END,
      CASE WHEN g.aggfinalfn <> 0 THEN 'FINALFUNC_MODIFY = ' || CASE g.aggfinalmodify WHEN 'r' THEN 'READ_ONLY'
          WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
      'COMBINEFUNC = ' || nullif(g.aggcombinefn::text, '-'), 'SERIALFUNC = ' || nullif(g.aggserialfn::text, '-'),
      'DESERIALFUNC = ' || nullif(g.aggdeserialfn::text, '-'), 'INITCOND = ' || quote_literal(g.agginitval),
      'MSFUNC = ' || nullif(g.aggmtransfn::text, '-'), 'MINVFUNC = ' || nullif(g.aggminvtransfn::text, '-'),
      CASE WHEN g.aggmtranstype <> 0 THEN 'MSTYPE = ' || format_type(g.aggmtranstype, NULL) END,
      'MSSPACE = ' || nullif(g.aggmtransspace, 0), 'MFINALFUNC = ' || nullif(g.aggmfinalfn::text, '-'),
      CASE WHEN g.aggmfinalextra THEN 'MFINALFUNC_EXTRA' END,
      CASE WHEN g.aggmfinalfn <> 0 THEN 'MFINALFUNC_MODIFY = ' || CASE g.aggmfinalmodify WHEN 'r' THEN 'READ_ONLY'
          WHEN 's' THEN 'SHAREABLE' ELSE 'READ_WRITE' END END,
      'MINITCOND = ' || quote_literal(g.aggminitval),
      (SELECT 'SORTOP = OPERATOR(' || quote_ident(n.nspname) || '.' || o.oprname || ')' FROM pg_operator o
          JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE o.oid = g.aggsortop),
      CASE p.proparallel WHEN 's' THEN 'PARALLEL = SAFE' WHEN 'r' THEN 'PARALLEL = RESTRICTED' END,
      CASE g.aggkind WHEN 'h' THEN 'HYPOTHETICAL' END),
    'comment', @COMMENT(pg_proc,p.oid)@,
    'grants', @ACL(p.proacl,p.proowner,EXECUTE)@))::text
FROM pg_proc p JOIN pg_aggregate g ON g.aggfnoid = p.oid
WHERE p.pronamespace = (SELECT oid FROM space) AND p.prokind = 'a' AND @OWN(pg_proc,p.oid)@ AND NOT EXISTS (SELECT
    FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
)sql";

}  // namespace carbon::postgres::sql
