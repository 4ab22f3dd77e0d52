SELECT count(*) = 90 AND bool_and(code = id * 3) FROM app.t
