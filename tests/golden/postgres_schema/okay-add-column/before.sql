CREATE TABLE app.orders (id bigint PRIMARY KEY, note text);
