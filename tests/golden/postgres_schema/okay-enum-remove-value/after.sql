CREATE TYPE app.state AS ENUM ('paid', 'new');
CREATE TABLE app.t (id int, s app.state DEFAULT 'new' CHECK (s <> 'paid' OR id > 0), many app.state[]);
CREATE INDEX t_new ON app.t (id) WHERE s = 'new';
CREATE VIEW app.v AS SELECT id FROM app.t WHERE s = 'new';
CREATE FUNCTION app.shown(s app.state) RETURNS text LANGUAGE sql AS 'SELECT s::text';
