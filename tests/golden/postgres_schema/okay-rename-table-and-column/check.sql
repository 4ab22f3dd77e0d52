SELECT count(*) = 500 AND sum(amount) = 187875 FROM app.sales
