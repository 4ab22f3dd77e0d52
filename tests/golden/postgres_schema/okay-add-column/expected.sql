-- add column state of table orders
ALTER TABLE "app"."orders" ADD COLUMN "state" character varying(10) DEFAULT 'new'::character varying NOT NULL;

-- add constraint orders_state_check of table orders
ALTER TABLE "app"."orders" ADD CONSTRAINT "orders_state_check" CHECK (((state)::text = ANY (ARRAY[('new'::character varying)::text, ('paid'::character varying)::text]))) NOT VALID;

-- validate constraint orders_state_check of table orders
--   outside of a transaction
ALTER TABLE "app"."orders" VALIDATE CONSTRAINT "orders_state_check";

