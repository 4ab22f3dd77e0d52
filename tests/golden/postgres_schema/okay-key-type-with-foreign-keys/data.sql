INSERT INTO app.a SELECT generate_series(1, 50); INSERT INTO app.b SELECT i, i FROM generate_series(1, 50) i;
