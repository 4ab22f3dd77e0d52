CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
ALTER TABLE app.orders ADD CONSTRAINT big CHECK (total > 1) NOT VALID;
