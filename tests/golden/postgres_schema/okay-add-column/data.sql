INSERT INTO app.orders SELECT i, 'n' || i FROM generate_series(1, 1000) i;
