INSERT INTO app.orders SELECT i, 'n' || i, i * 1.5 FROM generate_series(1, 500) i;
