CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE INDEX orders_day ON app.orders (lower(note) text_pattern_ops DESC) INCLUDE (total) WHERE total > 10;
