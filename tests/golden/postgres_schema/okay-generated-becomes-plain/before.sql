CREATE TABLE app.t (id int, twice int GENERATED ALWAYS AS (id * 2) STORED);
