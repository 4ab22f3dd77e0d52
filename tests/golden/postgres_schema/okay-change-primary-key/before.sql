CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE TABLE app.lines (order_id bigint REFERENCES app.orders, n int);
