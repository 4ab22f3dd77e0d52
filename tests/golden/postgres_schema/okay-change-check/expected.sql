-- drop constraint positive of table orders, to make it again
ALTER TABLE "app"."orders" DROP CONSTRAINT "positive";

-- add constraint positive of table orders
--   none, rows violating: 0
ALTER TABLE "app"."orders" ADD CONSTRAINT "positive" CHECK ((total > (1)::numeric)) NOT VALID;

-- validate constraint positive of table orders
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "positive";

