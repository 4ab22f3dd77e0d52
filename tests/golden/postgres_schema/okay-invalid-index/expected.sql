-- drop index carbon_tmp_index_1 of table orders
DROP INDEX "app"."carbon_tmp_index_1";

-- drop index orders_note of table orders, to make it again
DROP INDEX "app"."orders_note";

-- create index orders_note of table orders
--   outside of a transaction
CREATE INDEX CONCURRENTLY "orders_note" ON app.orders USING btree (note);

