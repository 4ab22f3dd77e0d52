-- drop index spare of table orders
DROP INDEX "app"."spare";

-- create table spare
CREATE TABLE "app"."spare" (
    "id" integer
);

