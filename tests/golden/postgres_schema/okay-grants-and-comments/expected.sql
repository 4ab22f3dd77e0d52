-- create function tax(numeric)
CREATE OR REPLACE FUNCTION app.tax(price numeric)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT price * 0.2$function$;

-- revoke EXECUTE on function tax(numeric) from public
REVOKE EXECUTE ON FUNCTION app.tax(numeric) FROM PUBLIC;

-- remove the comment of table orders
COMMENT ON TABLE "app"."orders" IS NULL;

-- revoke INSERT on table orders from public
REVOKE INSERT ON TABLE "app"."orders" FROM PUBLIC;

-- comment on column note of table orders
COMMENT ON COLUMN "app"."orders"."note" IS E'it''s \\ here';

-- grant UPDATE ("note") on column note of table orders to public
GRANT UPDATE ("note") ON TABLE "app"."orders" TO PUBLIC;

