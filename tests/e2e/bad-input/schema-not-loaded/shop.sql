CREATE TABLE product (id bigint PRIMARY KEY, name citext);
