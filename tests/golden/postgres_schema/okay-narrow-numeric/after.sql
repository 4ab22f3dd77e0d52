CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(8,1) NOT NULL);
