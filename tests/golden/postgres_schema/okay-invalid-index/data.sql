INSERT INTO app.orders SELECT i, 'n' || i, i * 1.5 FROM generate_series(1, 500) i;CREATE INDEX orders_note ON app.orders (note);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'app.orders_note'::regclass;
CREATE INDEX carbon_tmp_index_1 ON app.orders (total);
