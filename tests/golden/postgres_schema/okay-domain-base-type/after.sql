CREATE DOMAIN app.price AS numeric(20,8) CHECK (VALUE >= 0);
CREATE TABLE app.t (id int, p app.price NOT NULL DEFAULT 1, list app.price[]);
