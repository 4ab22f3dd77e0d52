CREATE TABLE app.t (id int, body text);
ALTER TABLE app.t ALTER body SET STORAGE EXTERNAL;
