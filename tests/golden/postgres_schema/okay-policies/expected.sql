-- enable row security of table orders
ALTER TABLE "app"."orders" ENABLE ROW LEVEL SECURITY;

-- create policy few of table orders
CREATE POLICY "few" ON "app"."orders" AS RESTRICTIVE FOR ALL TO PUBLIC USING ((total < (1000)::numeric)) WITH CHECK ((total < (500)::numeric));

-- create policy own of table orders
CREATE POLICY "own" ON "app"."orders" AS PERMISSIVE FOR SELECT TO PUBLIC USING ((note = CURRENT_USER));

