-- drop constraint b_a_fkey of table b, to make it again
ALTER TABLE "app"."b" DROP CONSTRAINT "b_a_fkey";

-- change the type of column id of table a from integer to text
--   blocking, rows rewritten or read: 50
ALTER TABLE "app"."a" ALTER COLUMN "id" TYPE text;

-- change the type of column a of table b from integer to text
--   blocking, rows rewritten or read: 50
ALTER TABLE "app"."b" ALTER COLUMN "a" TYPE text;

-- add constraint b_a_fkey of table b
ALTER TABLE "app"."b" ADD CONSTRAINT "b_a_fkey" FOREIGN KEY (a) REFERENCES app.a(id) NOT VALID;

-- validate constraint b_a_fkey of table b
--   outside of a transaction
ALTER TABLE "app"."b" VALIDATE CONSTRAINT "b_a_fkey";

