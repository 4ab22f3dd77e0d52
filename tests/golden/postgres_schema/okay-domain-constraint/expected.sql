-- change the default of domain code
ALTER DOMAIN "app"."code" SET DEFAULT 'X'::text;

-- add constraint upper of domain code
ALTER DOMAIN "app"."code" ADD CONSTRAINT "upper" CHECK ((VALUE = upper(VALUE))) NOT VALID;

-- validate constraint upper of domain code
--   outside of a transaction
ALTER DOMAIN "app"."code" VALIDATE CONSTRAINT "upper";

