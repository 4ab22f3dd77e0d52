-- drop materialized view m, to make it again
DROP MATERIALIZED VIEW "app"."m";

-- drop view v, to make it again
DROP VIEW "app"."v";

-- create view v
CREATE VIEW "app"."v" AS
 SELECT orders.note
   FROM app.orders;

-- create materialized view m
CREATE MATERIALIZED VIEW "app"."m" AS
 SELECT count(*) AS n
   FROM app.v;

-- create index m_n of materialized view m
CREATE UNIQUE INDEX "m_n" ON app.m USING btree (n);

