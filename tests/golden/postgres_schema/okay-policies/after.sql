CREATE TABLE app.orders (id bigint PRIMARY KEY, note text, total numeric(10,2) NOT NULL);
ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON app.orders FOR SELECT USING (note = CURRENT_USER);
CREATE POLICY few ON app.orders AS RESTRICTIVE TO PUBLIC USING (total < 1000) WITH CHECK (total < 500);
