-- set the former range type span aside
ALTER TYPE "app"."span" RENAME TO "carbon_tmp_type_5d61a56e122aa9c3";

-- set the former range type span aside
ALTER TYPE "app"."span_multirange" RENAME TO "carbon_tmp_multirange_5d61a56e122aa9c3";

-- set a constructor of the former range type span aside
ALTER FUNCTION "app"."span"(integer, integer) RENAME TO "carbon_tmp_type_5d61a56e122aa9c3";

-- set a constructor of the former range type span aside
ALTER FUNCTION "app"."span"(integer, integer, text) RENAME TO "carbon_tmp_type_5d61a56e122aa9c3";

-- set a constructor of the former range type span aside
ALTER FUNCTION "app"."span_multirange"() RENAME TO "carbon_tmp_type_5d61a56e122aa9c3";

-- set a constructor of the former range type span aside
ALTER FUNCTION "app"."span_multirange"("app"."carbon_tmp_type_5d61a56e122aa9c3") RENAME TO "carbon_tmp_type_5d61a56e122aa9c3";

-- set a constructor of the former range type span aside
ALTER FUNCTION "app"."span_multirange"("app"."carbon_tmp_type_5d61a56e122aa9c3"[]) RENAME TO "carbon_tmp_type_5d61a56e122aa9c3";

-- create range type span
CREATE TYPE "app"."span" AS RANGE (SUBTYPE = numeric, MULTIRANGE_TYPE_NAME = "app"."span_multirange");

-- convert column s of table t to the new app.span
--   one-way, rows rewritten or read: 1
ALTER TABLE "app"."t" ALTER COLUMN "s" TYPE app.span USING "s"::text::app.span;

-- drop the former range type span
DROP TYPE "app"."carbon_tmp_type_5d61a56e122aa9c3";

