INSERT INTO app.p VALUES (1, now()); INSERT INTO app.keep VALUES (1);
