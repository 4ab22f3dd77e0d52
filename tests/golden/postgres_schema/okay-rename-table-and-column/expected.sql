-- rename column total of table orders to amount
ALTER TABLE "app"."orders" RENAME COLUMN "total" TO "amount";

-- rename table orders to sales
ALTER TABLE "app"."orders" RENAME TO "sales";

-- change view v
CREATE OR REPLACE VIEW "app"."v" AS
 SELECT sales.id,
    sales.amount AS total
   FROM app.sales;

-- add constraint sales_amount_check of table sales
ALTER TABLE "app"."sales" ADD CONSTRAINT "sales_amount_check" CHECK ((amount > (0)::numeric)) NOT VALID;

-- validate constraint sales_amount_check of table sales
--   outside of a transaction
ALTER TABLE "app"."sales" VALIDATE CONSTRAINT "sales_amount_check";

