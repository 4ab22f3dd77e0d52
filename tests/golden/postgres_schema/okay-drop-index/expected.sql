-- drop index orders_note of table orders
--   outside of a transaction
DROP INDEX CONCURRENTLY "app"."orders_note";

