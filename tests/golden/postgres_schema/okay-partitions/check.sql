SELECT count(*) = 100 AND min(note) = 'x' FROM app.p2023
