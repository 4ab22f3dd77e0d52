CREATE TYPE app.address AS (street text, town text, country char(2));
CREATE TABLE app.t (id int, a app.address);
