SELECT count(*) = 500 AND sum(total) = 187875 AND sum(gross) = 225450 FROM app.orders
