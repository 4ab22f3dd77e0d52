CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL, CONSTRAINT big CHECK (total > 1));
ALTER TABLE app.orders ADD CONSTRAINT all_of_it CHECK (total > 100) NOT VALID;
