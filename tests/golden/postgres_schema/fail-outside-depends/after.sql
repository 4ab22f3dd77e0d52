CREATE TABLE app.orders (id bigint PRIMARY KEY, note varchar(20), total numeric(10,2) NOT NULL);
