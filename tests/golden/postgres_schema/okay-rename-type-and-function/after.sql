CREATE TYPE app."St;ate" AS ENUM ('a', 'b');
CREATE FUNCTION app.f(s app."St;ate") RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT s::text';
CREATE TABLE app.t (s app."St;ate" DEFAULT 'a', CHECK (s <> 'b'), CHECK (app.f(s) <> 'x'));
