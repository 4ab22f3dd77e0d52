-- drop default of column note of table orders
ALTER TABLE "app"."orders" ALTER COLUMN "note" DROP DEFAULT;

-- allow nulls in column note of table orders
ALTER TABLE "app"."orders" ALTER COLUMN "note" DROP NOT NULL;

