CREATE DOMAIN app.code AS text DEFAULT 'X' CONSTRAINT upper CHECK (VALUE = upper(VALUE));
CREATE TABLE app.t (c app.code);
