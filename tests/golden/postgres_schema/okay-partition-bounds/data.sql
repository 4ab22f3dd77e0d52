INSERT INTO app.p SELECT i, date '2023-01-01' + i FROM generate_series(1, 100) i;
