CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
CREATE VIEW app.v AS SELECT note FROM app.orders;
CREATE MATERIALIZED VIEW app.m AS SELECT count(*) AS n FROM app.v;
CREATE UNIQUE INDEX m_n ON app.m (n);
