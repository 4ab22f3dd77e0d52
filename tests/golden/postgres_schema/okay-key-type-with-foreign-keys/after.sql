CREATE TABLE app.a (id bigint PRIMARY KEY);
CREATE TABLE app.b (id integer PRIMARY KEY, a bigint REFERENCES app.a ON DELETE CASCADE);
