-- drop column note of table orders
--   lossy, rows lost: 500
ALTER TABLE "app"."orders" DROP COLUMN "note";

