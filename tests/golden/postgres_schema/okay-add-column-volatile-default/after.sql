CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, made timestamptz NOT NULL DEFAULT clock_timestamp(), total numeric(10,2) NOT NULL);
