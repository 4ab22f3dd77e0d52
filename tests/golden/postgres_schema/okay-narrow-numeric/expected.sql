-- change the type of column total of table orders from numeric(10,2) to numeric(8,1)
--   lossy, rows lost: 0
ALTER TABLE "app"."orders" ALTER COLUMN "total" TYPE numeric(8,1);

