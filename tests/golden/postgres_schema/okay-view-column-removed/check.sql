SELECT n = 500 FROM app.m
