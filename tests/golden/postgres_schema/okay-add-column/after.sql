CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, state varchar(10) NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'paid')));
