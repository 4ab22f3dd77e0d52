CREATE TABLE app.a (id int PRIMARY KEY, b int);
CREATE TABLE app.b (id int PRIMARY KEY, a int REFERENCES app.a);
ALTER TABLE app.a ADD FOREIGN KEY (b) REFERENCES app.b;
CREATE TABLE app.keep (id int);
