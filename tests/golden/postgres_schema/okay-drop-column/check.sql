SELECT count(*) = 500 AND sum(total) = 187875 FROM app.orders
