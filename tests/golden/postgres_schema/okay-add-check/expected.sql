-- add constraint no;te of table orders
--   none, rows violating: 0
ALTER TABLE "app"."orders" ADD CONSTRAINT "no;te" CHECK ((note <> ''::text)) NOT VALID;

-- add constraint orders_total_check of table orders
--   none, rows violating: 0
ALTER TABLE "app"."orders" ADD CONSTRAINT "orders_total_check" CHECK ((total > (0)::numeric)) NOT VALID;

-- validate constraint no;te of table orders
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "no;te";

-- validate constraint orders_total_check of table orders
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "orders_total_check";

