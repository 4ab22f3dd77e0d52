-- no longer compute column twice of table t
ALTER TABLE "app"."t" ALTER COLUMN "twice" DROP EXPRESSION;

-- change the type of column twice of table t from integer to jsonb
--   lossy, rows rewritten or read: 1
ALTER TABLE "app"."t" ALTER COLUMN "twice" TYPE jsonb USING "twice"::text::jsonb;

