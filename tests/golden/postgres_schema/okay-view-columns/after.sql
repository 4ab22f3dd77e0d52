CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE VIEW app.v WITH (security_barrier) AS SELECT id, note FROM app.orders WHERE total > 1;
