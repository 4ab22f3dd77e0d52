-- add constraint b_a of table b
ALTER TABLE "app"."b" ADD CONSTRAINT "b_a" FOREIGN KEY (a) REFERENCES app.a(id) DEFERRABLE INITIALLY DEFERRED NOT VALID;

-- validate constraint b_a of table b
--   outside of a transaction
ALTER TABLE "app"."b" VALIDATE CONSTRAINT "b_a";

