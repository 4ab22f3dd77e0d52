SELECT count(*) = 500 AND nextval(pg_get_serial_sequence('app.orders', 'id')) = 501 AND nextval('app.t_n_seq') = 71 FROM app.orders
