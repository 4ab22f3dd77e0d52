CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL, gross numeric(12,2) GENERATED ALWAYS AS (total * 1.2) STORED);
