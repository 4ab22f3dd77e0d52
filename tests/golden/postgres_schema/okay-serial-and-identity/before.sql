CREATE TABLE app.orders (id bigserial PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
