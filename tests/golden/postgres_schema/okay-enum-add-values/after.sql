CREATE TYPE app.state AS ENUM ('draft', 'new', 'sent', 'paid', 'lost');
CREATE TABLE app.t (id int, s app.state DEFAULT 'draft');
