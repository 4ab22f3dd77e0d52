-- change the type of column body of table t from text to character varying(900)
--   one-way, rows violating: 0
ALTER TABLE "app"."t" ALTER COLUMN "body" TYPE character varying(900);

-- change the storage of column body of table t
ALTER TABLE "app"."t" ALTER COLUMN "body" SET STORAGE EXTERNAL;

