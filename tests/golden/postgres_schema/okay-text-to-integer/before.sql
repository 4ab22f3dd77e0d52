CREATE TABLE app.t (id int PRIMARY KEY, code text DEFAULT '7');
