CREATE TYPE app.state AS ENUM ('new', 'paid');
CREATE TABLE app.t (id int, s app.state DEFAULT 'new');
