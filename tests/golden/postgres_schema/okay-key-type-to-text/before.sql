CREATE TABLE app.a (id integer PRIMARY KEY);
CREATE TABLE app.b (id integer PRIMARY KEY, a integer REFERENCES app.a);
