CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE TABLE app.theirs (id int);
CREATE INDEX theirs_too ON app.orders (note);
ALTER TABLE app.orders ADD COLUMN extra int;
GRANT SELECT ON app.orders TO PUBLIC;
