SELECT body = 'x' FROM app.t
