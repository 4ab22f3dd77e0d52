-- create table ours
CREATE TABLE "app"."ours" (
    "id" integer
);

