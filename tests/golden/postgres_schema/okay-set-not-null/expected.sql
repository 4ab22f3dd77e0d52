-- forbid nulls in column note of table orders: for new rows
--   one-way, rows violating: 0
ALTER TABLE "app"."orders" ADD CONSTRAINT "carbon_tmp_not_null_326d3173fbe858d0" CHECK ("note" IS NOT NULL) NOT VALID;

-- forbid nulls in column note of table orders: look at all rows
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "carbon_tmp_not_null_326d3173fbe858d0";

-- forbid nulls in column note of table orders
ALTER TABLE "app"."orders" ALTER COLUMN "note" SET NOT NULL;

-- forbid nulls in column note of table orders: drop the check that proved it
ALTER TABLE "app"."orders" DROP CONSTRAINT "carbon_tmp_not_null_326d3173fbe858d0";

