-- drop trigger gone of table orders
DROP TRIGGER "gone" ON "app"."orders";

-- drop trigger stamp of table orders, to make it again
DROP TRIGGER "stamp" ON "app"."orders";

-- create trigger late of table orders
CREATE TRIGGER late AFTER INSERT ON app.orders FOR EACH STATEMENT EXECUTE FUNCTION app.stamp();

-- change when trigger late of table orders fires
ALTER TABLE "app"."orders" DISABLE TRIGGER "late";

-- create trigger stamp of table orders
CREATE TRIGGER stamp BEFORE INSERT OR UPDATE OF note ON app.orders FOR EACH ROW WHEN ((new.total > (0)::numeric)) EXECUTE FUNCTION app.stamp();

