CREATE TYPE app.span AS RANGE (SUBTYPE = numeric);
CREATE TABLE app.t (id int, s app.span);
