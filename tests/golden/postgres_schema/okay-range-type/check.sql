SELECT lower(s) = 1 AND upper(s) = 5 FROM app.t
