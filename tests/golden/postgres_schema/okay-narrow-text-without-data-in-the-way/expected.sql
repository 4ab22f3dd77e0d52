-- change the type of column note of table orders from text to character varying(4)
--   one-way, rows violating: 0
ALTER TABLE "app"."orders" ALTER COLUMN "note" TYPE character varying(4);

