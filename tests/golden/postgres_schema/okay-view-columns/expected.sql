-- change view v
CREATE OR REPLACE VIEW "app"."v" WITH (security_barrier='true') AS
 SELECT orders.id,
    orders.note
   FROM app.orders
  WHERE (orders.total > (1)::numeric);

