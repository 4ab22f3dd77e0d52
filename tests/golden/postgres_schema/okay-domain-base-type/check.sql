SELECT sum(p) = 5.75 AND max(list[1]) = 1.5 FROM app.t
