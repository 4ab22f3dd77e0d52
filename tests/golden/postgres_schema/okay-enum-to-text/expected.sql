-- drop default of column s of table t, to make it again
ALTER TABLE "app"."t" ALTER COLUMN "s" DROP DEFAULT;

-- change the type of column s of table t from app.state to text
--   blocking, rows rewritten or read: 2
ALTER TABLE "app"."t" ALTER COLUMN "s" TYPE text;

-- set the default of column s of table t
ALTER TABLE "app"."t" ALTER COLUMN "s" SET DEFAULT 'new'::text;

-- drop enum state
DROP TYPE "app"."state";

