-- drop table ours
--   lossy, rows lost: 1
DROP TABLE "app"."ours";

-- drop index ours_too of table orders
--   outside of a transaction
DROP INDEX CONCURRENTLY "app"."ours_too";

