CREATE TABLE app.t (id int, twice jsonb);
