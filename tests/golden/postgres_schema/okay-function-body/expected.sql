-- change function tax(numeric)
CREATE OR REPLACE FUNCTION app.tax(price numeric)
 RETURNS numeric
 LANGUAGE sql
 IMMUTABLE
AS $function$SELECT price * 0.2 -- VAT$function$;

