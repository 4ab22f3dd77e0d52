-- drop constraint price_check of domain price, to make it again
ALTER DOMAIN "app"."price" DROP CONSTRAINT "price_check";

-- drop default of column p of table t, to make it again
ALTER TABLE "app"."t" ALTER COLUMN "p" DROP DEFAULT;

-- set the former domain price aside
ALTER TYPE "app"."price" RENAME TO "carbon_tmp_type_1f6fd0c57e24bc7e";

-- create domain price
CREATE DOMAIN "app"."price" AS numeric(20,8) CONSTRAINT "price_check" CHECK ((VALUE >= (0)::numeric));

-- convert column list of table t to the new app.price[]
--   one-way, rows rewritten or read: 1
ALTER TABLE "app"."t" ALTER COLUMN "list" TYPE app.price[] USING "list"::text::app.price[];

-- convert column p of table t to the new app.price
--   one-way, rows rewritten or read: 2
ALTER TABLE "app"."t" ALTER COLUMN "p" TYPE app.price USING "p"::text::app.price;

-- set the default of column p of table t
ALTER TABLE "app"."t" ALTER COLUMN "p" SET DEFAULT 1;

-- drop the former domain price
DROP DOMAIN "app"."carbon_tmp_type_1f6fd0c57e24bc7e";

