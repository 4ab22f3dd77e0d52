CREATE TABLE app.a (id int PRIMARY KEY);
CREATE TABLE app.b (a int);
