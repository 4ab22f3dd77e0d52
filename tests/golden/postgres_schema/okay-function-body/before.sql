CREATE FUNCTION app.tax(price numeric) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT price * 0.2';
CREATE TABLE app.t (id int, price numeric, tax numeric GENERATED ALWAYS AS (app.tax(price)) STORED, CHECK (app.tax(price) < 1000));
CREATE INDEX t_tax ON app.t (app.tax(price));
CREATE VIEW app.v AS SELECT id, app.tax(price) AS tax FROM app.t;
