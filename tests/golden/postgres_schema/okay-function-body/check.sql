SELECT sum(tax) = 42 AND sum(price) = 210 FROM app.t
