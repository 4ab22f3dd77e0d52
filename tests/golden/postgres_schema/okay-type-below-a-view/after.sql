CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(14,3) NOT NULL);
CREATE VIEW app.large AS SELECT id, total FROM app.orders WHERE total > 100;
CREATE VIEW app.larger AS SELECT id FROM app.large WHERE total > 200;
COMMENT ON VIEW app.larger IS 'seen by all';
GRANT SELECT ON app.larger TO PUBLIC;
