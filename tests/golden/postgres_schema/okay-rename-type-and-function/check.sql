SELECT s = 'a' FROM app.t
