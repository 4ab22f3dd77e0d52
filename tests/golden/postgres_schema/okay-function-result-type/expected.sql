-- drop index t_tax of table t, to make it again
DROP INDEX "app"."t_tax";

-- drop view v, to make it again
DROP VIEW "app"."v";

-- drop constraint t_price_check of table t, to make it again
ALTER TABLE "app"."t" DROP CONSTRAINT "t_price_check";

-- drop column tax of table t, to make it again
ALTER TABLE "app"."t" DROP COLUMN "tax";

-- drop function tax(numeric), to make it again
DROP FUNCTION app.tax(numeric);

-- create function tax(numeric)
CREATE OR REPLACE FUNCTION app.tax(price numeric)
 RETURNS double precision
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT price * 0.2$function$;

-- add column tax of table t
--   blocking, rows rewritten or read: 20
ALTER TABLE "app"."t" ADD COLUMN "tax" numeric GENERATED ALWAYS AS (app.tax(price)) STORED;

-- create view v
CREATE VIEW "app"."v" AS
 SELECT t.id,
    app.tax(t.price) AS tax
   FROM app.t;

-- add constraint t_price_check of table t
ALTER TABLE "app"."t" ADD CONSTRAINT "t_price_check" CHECK ((app.tax(price) < (1000)::double precision)) NOT VALID;

-- create index t_tax of table t
--   outside of a transaction
CREATE INDEX CONCURRENTLY "t_tax" ON app.t USING btree (app.tax(price));

-- validate constraint t_price_check of table t
--   outside of a transaction
ALTER TABLE "app"."t" VALIDATE CONSTRAINT "t_price_check";

