SELECT count(*) = 367 FROM app.larger
