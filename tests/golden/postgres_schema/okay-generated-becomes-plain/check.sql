SELECT twice = '8' FROM app.t
