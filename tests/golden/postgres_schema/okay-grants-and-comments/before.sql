CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
GRANT SELECT, INSERT ON app.orders TO PUBLIC;
COMMENT ON TABLE app.orders IS 'old';
