CREATE TABLE app.t (id int, body varchar(900));
ALTER TABLE app.t ALTER body SET STORAGE EXTERNAL;
