CREATE DOMAIN app.code AS text;
CREATE TABLE app.t (c app.code);
