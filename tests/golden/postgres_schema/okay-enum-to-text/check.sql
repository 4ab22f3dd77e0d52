SELECT string_agg(s, ',' ORDER BY id) = 'new,paid' FROM app.t
