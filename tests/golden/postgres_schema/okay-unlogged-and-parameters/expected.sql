-- no longer log table orders
--   blocking, rows rewritten or read: 500
ALTER TABLE "app"."orders" SET UNLOGGED;

-- change the storage parameters of table orders
ALTER TABLE "app"."orders" SET (autovacuum_enabled='false', fillfactor='80');

