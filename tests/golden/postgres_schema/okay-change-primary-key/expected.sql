-- drop constraint lines_order_id_fkey of table lines, to make it again
ALTER TABLE "app"."lines" DROP CONSTRAINT "lines_order_id_fkey";

-- drop constraint orders_pkey of table orders, to make it again
ALTER TABLE "app"."orders" DROP CONSTRAINT "orders_pkey";

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

-- build the index of constraint orders_id_key of table orders
--   outside of a transaction
CREATE UNIQUE INDEX CONCURRENTLY "carbon_tmp_index_ebf028ce106e2708" ON "app"."orders" (id);

-- add constraint orders_id_key of table orders
ALTER TABLE "app"."orders" ADD CONSTRAINT "orders_id_key" UNIQUE USING INDEX "carbon_tmp_index_ebf028ce106e2708";

-- add constraint lines_order_id_fkey of table lines
ALTER TABLE "app"."lines" ADD CONSTRAINT "lines_order_id_fkey" FOREIGN KEY (order_id) REFERENCES app.orders(id) NOT VALID;

-- build the index of constraint orders_pkey of table orders
--   outside of a transaction
CREATE UNIQUE INDEX CONCURRENTLY "carbon_tmp_index_6e2c85c212f4e74a" ON "app"."orders" (note);

-- add constraint orders_pkey of table orders
ALTER TABLE "app"."orders" ADD CONSTRAINT "orders_pkey" PRIMARY KEY USING INDEX "carbon_tmp_index_6e2c85c212f4e74a";

-- validate constraint lines_order_id_fkey of table lines
--   outside of a transaction
ALTER TABLE "app"."lines" VALIDATE CONSTRAINT "lines_order_id_fkey";

