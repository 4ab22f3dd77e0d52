INSERT INTO app.t SELECT i, (i * 3)::text FROM generate_series(1, 90) i;
