INSERT INTO app.t VALUES (1, ('High St', 'Leeds'));
