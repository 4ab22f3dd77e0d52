CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE INDEX orders_note ON app.orders (note);
