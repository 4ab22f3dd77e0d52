-- create sequence t_n_seq
CREATE SEQUENCE "app"."t_n_seq" AS integer INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1 NO CYCLE;

-- generate column id of table orders as identity
ALTER TABLE "app"."orders" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1 NO CYCLE);

-- let the numbers of column id of table orders go on behind the greatest
SELECT setval(pg_get_serial_sequence('"app"."orders"', 'id'), max("id")) FROM "app"."orders" HAVING max("id") > 0;

-- forbid nulls in column n of table t: for new rows
--   one-way, rows violating: 0
ALTER TABLE "app"."t" ADD CONSTRAINT "carbon_tmp_not_null_45575fb68b332555" CHECK ("n" IS NOT NULL) NOT VALID;

-- forbid nulls in column n of table t: look at all rows
--   outside of a transaction
ALTER TABLE "app"."t" VALIDATE CONSTRAINT "carbon_tmp_not_null_45575fb68b332555";

-- forbid nulls in column n of table t
ALTER TABLE "app"."t" ALTER COLUMN "n" SET NOT NULL;

-- forbid nulls in column n of table t: drop the check that proved it
ALTER TABLE "app"."t" DROP CONSTRAINT "carbon_tmp_not_null_45575fb68b332555";

-- set the default of column n of table t
ALTER TABLE "app"."t" ALTER COLUMN "n" SET DEFAULT nextval('app.t_n_seq'::regclass);

-- let column n of table t own sequence t_n_seq
ALTER SEQUENCE "app"."t_n_seq" OWNED BY "app"."t"."n";

-- let the numbers of column n of table t go on behind the greatest
SELECT setval(pg_get_serial_sequence('"app"."t"', 'n'), max("n")) FROM "app"."t" HAVING max("n") > 0;

