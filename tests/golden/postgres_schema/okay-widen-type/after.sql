CREATE TABLE app.orders (id bigint PRIMARY KEY, note varchar(40), total numeric(12,4) NOT NULL);
