CREATE TABLE app.keep (id int);
