-- change the type of column note of table orders from character varying(10) to character varying(40)
ALTER TABLE "app"."orders" ALTER COLUMN "note" TYPE character varying(40);

-- change the type of column total of table orders from numeric(10,2) to numeric(12,4)
--   blocking, rows rewritten or read: 500
ALTER TABLE "app"."orders" ALTER COLUMN "total" TYPE numeric(12,4);

