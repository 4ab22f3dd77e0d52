CREATE DOMAIN app.price AS numeric(8,2) CHECK (VALUE >= 0);
CREATE TABLE app.t (id int, p app.price NOT NULL DEFAULT 1, list app.price[]);
