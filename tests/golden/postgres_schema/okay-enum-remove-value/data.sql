INSERT INTO app.t VALUES (1, 'new', '{new,paid}'), (2, 'paid', NULL);
