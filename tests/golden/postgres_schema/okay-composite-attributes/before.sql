CREATE TYPE app.address AS (street text, town text);
CREATE TABLE app.t (id int, a app.address);
