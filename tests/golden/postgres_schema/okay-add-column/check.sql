SELECT count(*) = 1000 AND count(*) FILTER (WHERE state = 'new' AND note = 'n' || id) = 1000 FROM app.orders
