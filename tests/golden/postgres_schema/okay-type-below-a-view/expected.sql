-- drop view larger, to make it again
DROP VIEW "app"."larger";

-- drop view large, to make it again
DROP VIEW "app"."large";

-- change the type of column total of table orders from numeric(10,2) to numeric(14,3)
--   blocking, rows rewritten or read: 500
ALTER TABLE "app"."orders" ALTER COLUMN "total" TYPE numeric(14,3);

-- create view large
CREATE VIEW "app"."large" AS
 SELECT orders.id,
    orders.total
   FROM app.orders
  WHERE (orders.total > (100)::numeric);

-- create view larger
CREATE VIEW "app"."larger" AS
 SELECT large.id
   FROM app.large
  WHERE (large.total > (200)::numeric);

-- comment on view larger
COMMENT ON VIEW "app"."larger" IS 'seen by all';

-- grant SELECT on view larger to public
GRANT SELECT ON TABLE "app"."larger" TO PUBLIC;

