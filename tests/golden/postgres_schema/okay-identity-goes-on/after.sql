CREATE TABLE app.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE TABLE app.t (n serial);
