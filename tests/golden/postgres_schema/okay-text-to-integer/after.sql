CREATE TABLE app.t (id int PRIMARY KEY, code integer DEFAULT 7);
