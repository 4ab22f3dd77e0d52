SELECT count(*) = 2 FROM app.t
