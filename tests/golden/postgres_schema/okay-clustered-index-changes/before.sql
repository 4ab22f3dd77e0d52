CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE UNIQUE INDEX by_id ON app.orders (id);
ALTER TABLE app.orders CLUSTER ON by_id;
ALTER TABLE app.orders REPLICA IDENTITY USING INDEX by_id;
