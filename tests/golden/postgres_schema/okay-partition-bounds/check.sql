SELECT count(*) = 100 FROM app.p2023
