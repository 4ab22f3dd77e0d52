CREATE TABLE app.orders (id bigint PRIMARY KEY, note text NOT NULL UNIQUE, total numeric(10,2) NOT NULL);
