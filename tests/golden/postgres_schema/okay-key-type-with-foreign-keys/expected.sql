-- change the type of column id of table a from integer to bigint
--   blocking, rows rewritten or read: 50
ALTER TABLE "app"."a" ALTER COLUMN "id" TYPE bigint;

-- change the type of column a of table b from integer to bigint
--   blocking, rows rewritten or read: 50
ALTER TABLE "app"."b" ALTER COLUMN "a" TYPE bigint;

