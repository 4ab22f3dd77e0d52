CREATE TABLE app.a (id text PRIMARY KEY);
CREATE TABLE app.b (id integer PRIMARY KEY, a text REFERENCES app.a);
