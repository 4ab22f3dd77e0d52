-- drop table p, to make it again
--   lossy, rows lost: 1
DROP TABLE "app"."p";

-- create table p
CREATE TABLE "app"."p" (
    "id" integer,
    "d" date
) PARTITION BY RANGE (d);

