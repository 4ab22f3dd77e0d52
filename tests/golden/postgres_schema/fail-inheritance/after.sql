CREATE TABLE app.a (id int);
CREATE TABLE app.b (x int) INHERITS (app.a);
