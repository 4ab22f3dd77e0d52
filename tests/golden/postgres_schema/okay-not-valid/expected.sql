-- add constraint all_of_it of table orders
ALTER TABLE "app"."orders" ADD CONSTRAINT "all_of_it" CHECK ((total > (100)::numeric)) NOT VALID;

-- validate constraint big of table orders
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "big";

