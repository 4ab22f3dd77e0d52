CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE INDEX orders_note ON app.orders (note) WHERE total > 1;
CREATE VIEW app.v AS SELECT id, total FROM app.orders;
CREATE TABLE app.lines (o bigint REFERENCES app.orders);
