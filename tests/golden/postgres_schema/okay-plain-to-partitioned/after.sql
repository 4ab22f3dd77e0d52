CREATE TABLE app.p (id int, d date) PARTITION BY RANGE (d);
CREATE TABLE app.keep (id int);
