CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE TABLE app.theirs (id int);
CREATE TABLE app.ours (id int);
CREATE INDEX ours_too ON app.orders (note);
