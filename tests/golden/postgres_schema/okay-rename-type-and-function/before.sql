CREATE TYPE app.state AS ENUM ('a', 'b');
CREATE FUNCTION app.f(s app.state) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT s::text';
CREATE TABLE app.t (s app.state DEFAULT 'a', CHECK (s <> 'b'), CHECK (app.f(s) <> 'x'));
