INSERT INTO app.t VALUES (1, 2.25, '{1.5,2}'), (2, 3.5, NULL);
