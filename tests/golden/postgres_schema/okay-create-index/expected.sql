-- create index orders_day of table orders
--   outside of a transaction
CREATE INDEX CONCURRENTLY "orders_day" ON app.orders USING btree (lower(note) text_pattern_ops DESC) INCLUDE (total) WHERE (total > (10)::numeric);

