CREATE TABLE app.sales (id bigint CONSTRAINT orders_pkey PRIMARY KEY, note text, amount numeric(10,2) NOT NULL CHECK (amount > 0));
CREATE INDEX orders_note ON app.sales (note) WHERE amount > 1;
CREATE VIEW app.v AS SELECT id, amount AS total FROM app.sales;
CREATE TABLE app.lines (o bigint REFERENCES app.sales);
