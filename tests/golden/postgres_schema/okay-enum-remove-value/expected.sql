-- drop index t_new of table t, to make it again
DROP INDEX "app"."t_new";

-- drop view v, to make it again
DROP VIEW "app"."v";

-- drop constraint t_check of table t, to make it again
ALTER TABLE "app"."t" DROP CONSTRAINT "t_check";

-- drop default of column s of table t, to make it again
ALTER TABLE "app"."t" ALTER COLUMN "s" DROP DEFAULT;

-- drop function shown(app.state), to make it again
DROP FUNCTION app.shown(app.state);

-- set the former enum state aside
ALTER TYPE "app"."state" RENAME TO "carbon_tmp_type_f0e3676d7bffdc21";

-- create enum state
CREATE TYPE "app"."state" AS ENUM ('paid', 'new');

-- create function shown(app.state)
CREATE OR REPLACE FUNCTION app.shown(s app.state)
 RETURNS text
 LANGUAGE sql
AS $function$SELECT s::text$function$;

-- convert column many of table t to the new app.state[]
--   one-way, rows violating: 0
ALTER TABLE "app"."t" ALTER COLUMN "many" TYPE app.state[] USING "many"::text::app.state[];

-- convert column s of table t to the new app.state
--   one-way, rows violating: 0
ALTER TABLE "app"."t" ALTER COLUMN "s" TYPE app.state USING "s"::text::app.state;

-- set the default of column s of table t
ALTER TABLE "app"."t" ALTER COLUMN "s" SET DEFAULT 'new'::app.state;

-- create view v
CREATE VIEW "app"."v" AS
 SELECT t.id
   FROM app.t
  WHERE (t.s = 'new'::app.state);

-- add constraint t_check of table t
ALTER TABLE "app"."t" ADD CONSTRAINT "t_check" CHECK (((s <> 'paid'::app.state) OR (id > 0))) NOT VALID;

-- create index t_new of table t
--   outside of a transaction
CREATE INDEX CONCURRENTLY "t_new" ON app.t USING btree (id) WHERE (s = 'new'::app.state);

-- drop the former enum state
DROP TYPE "app"."carbon_tmp_type_f0e3676d7bffdc21";

-- validate constraint t_check of table t
--   outside of a transaction
ALTER TABLE "app"."t" VALIDATE CONSTRAINT "t_check";

