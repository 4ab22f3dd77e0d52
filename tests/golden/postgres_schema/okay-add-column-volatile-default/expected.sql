-- add column made of table orders
--   blocking, rows rewritten or read: 500
ALTER TABLE "app"."orders" ADD COLUMN "made" timestamp with time zone DEFAULT clock_timestamp() NOT NULL;

