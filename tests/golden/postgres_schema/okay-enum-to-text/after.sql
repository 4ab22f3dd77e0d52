CREATE TABLE app.t (id int, s text DEFAULT 'new');
