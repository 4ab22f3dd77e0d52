INSERT INTO app."se;lect" SELECT i, 'a' FROM generate_series(1, 30) i;
