-- drop default of column code of table t, to make it again
ALTER TABLE "app"."t" ALTER COLUMN "code" DROP DEFAULT;

-- change the type of column code of table t from text to integer
--   one-way, rows rewritten or read: 90
ALTER TABLE "app"."t" ALTER COLUMN "code" TYPE integer USING "code"::integer;

-- set the default of column code of table t
ALTER TABLE "app"."t" ALTER COLUMN "code" SET DEFAULT 7;

