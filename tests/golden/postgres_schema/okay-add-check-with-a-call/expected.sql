-- add constraint long of table orders
ALTER TABLE "app"."orders" ADD CONSTRAINT "long" CHECK ((length(note) > 0)) NOT VALID;

-- validate constraint long of table orders
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "long";

