SELECT count(*) = 500 AND sum(total) = 187875 AND count(*) FILTER (WHERE note = 'n' || id) = 500 FROM app.orders
