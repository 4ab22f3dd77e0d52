CREATE TABLE app.p (id int, d date);
CREATE TABLE app.keep (id int);
