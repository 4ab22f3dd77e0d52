CREATE TABLE app.a (id int);
CREATE TABLE app.b (id int);
