-- drop constraint a_b_fkey of table a
ALTER TABLE "app"."a" DROP CONSTRAINT "a_b_fkey";

-- drop constraint b_a_fkey of table b
ALTER TABLE "app"."b" DROP CONSTRAINT "b_a_fkey";

-- drop table a
--   lossy, rows lost: 1
DROP TABLE "app"."a";

-- drop table b
--   lossy, rows lost: 1
DROP TABLE "app"."b";

