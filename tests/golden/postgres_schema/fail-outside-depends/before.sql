CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE SCHEMA other;
CREATE VIEW other.theirs AS SELECT note FROM app.orders;
