-- build the new index orders_note of table orders
--   outside of a transaction
CREATE INDEX CONCURRENTLY "carbon_tmp_index_43f4c72627c138c6" ON app.orders USING btree (note, total);

-- drop the former index orders_note of table orders
--   outside of a transaction
DROP INDEX CONCURRENTLY "app"."orders_note";

-- give the new index orders_note of table orders its name
ALTER INDEX "app"."carbon_tmp_index_43f4c72627c138c6" RENAME TO "orders_note";

-- comment on index orders_note of table orders
COMMENT ON INDEX "app"."orders_note" IS 'new';

