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

-- build the new index by_id of table orders
--   outside of a transaction
CREATE UNIQUE INDEX CONCURRENTLY "carbon_tmp_index_6f8f3201fb15a19b" ON app.orders USING btree (id, note);

-- drop the former index by_id of table orders
--   outside of a transaction
DROP INDEX CONCURRENTLY "app"."by_id";

-- give the new index by_id of table orders its name
ALTER INDEX "app"."carbon_tmp_index_6f8f3201fb15a19b" RENAME TO "by_id";

-- change the replica identity of table orders
ALTER TABLE "app"."orders" REPLICA IDENTITY USING INDEX by_id;

-- change the clustering of table orders
ALTER TABLE "app"."orders" CLUSTER ON "by_id";

