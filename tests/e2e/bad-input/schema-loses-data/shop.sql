CREATE TABLE product (id bigint PRIMARY KEY, price numeric(12,4), note text);
INSERT INTO product (id, price) VALUES (1, 2.5);  -- only in the scratch server
