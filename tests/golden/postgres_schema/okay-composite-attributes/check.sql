SELECT (a).town = 'Leeds' AND (a).country IS NULL FROM app.t
