CREATE TABLE app.orders (id bigint PRIMARY KEY, note varchar(10), total numeric(10,2) NOT NULL);
