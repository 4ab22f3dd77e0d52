SELECT count(*) = 50 FROM app.b JOIN app.a ON a.id = b.a
