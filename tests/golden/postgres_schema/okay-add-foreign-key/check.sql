SELECT count(*) = 3 FROM app.b
