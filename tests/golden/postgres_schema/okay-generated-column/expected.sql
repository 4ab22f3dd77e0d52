-- add column gross of table orders
--   blocking, rows rewritten or read: 500
ALTER TABLE "app"."orders" ADD COLUMN "gross" numeric(12,2) GENERATED ALWAYS AS ((total * 1.2)) STORED;

