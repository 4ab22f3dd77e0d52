CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
GRANT SELECT, UPDATE (note) ON app.orders TO PUBLIC;
COMMENT ON COLUMN app.orders.note IS 'it''s \ here';
CREATE FUNCTION app.tax(price numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT price * 0.2';
REVOKE EXECUTE ON FUNCTION app.tax FROM PUBLIC;
