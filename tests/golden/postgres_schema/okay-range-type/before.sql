CREATE TYPE app.span AS RANGE (SUBTYPE = integer);
CREATE TABLE app.t (id int, s app.span);
