SELECT count(*) = 2 AND min(s) = 'paid' AND max(many::text) = '{new,paid}' FROM app.t
