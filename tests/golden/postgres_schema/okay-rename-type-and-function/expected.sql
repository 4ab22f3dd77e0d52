-- rename enum state to St;ate
ALTER TYPE "app"."state" RENAME TO "St;ate";

-- change function f(app."St;ate")
CREATE OR REPLACE FUNCTION app.f(s app."St;ate")
 RETURNS text
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT s::text$function$;

