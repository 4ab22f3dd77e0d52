CREATE TABLE app.orders (id bigint NOT NULL UNIQUE, note text PRIMARY KEY, total numeric(10,2) NOT NULL);
CREATE TABLE app.lines (order_id bigint REFERENCES app.orders (id), n int);
