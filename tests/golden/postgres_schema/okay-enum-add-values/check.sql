SELECT count(*) = 2 AND max(s) = 'paid' FROM app.t
