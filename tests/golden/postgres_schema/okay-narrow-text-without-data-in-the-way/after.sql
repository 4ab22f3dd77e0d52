CREATE TABLE app.orders (id bigint PRIMARY KEY, note varchar(4), total numeric(10,2) NOT NULL);
