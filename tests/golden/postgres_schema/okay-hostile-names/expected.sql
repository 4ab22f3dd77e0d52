-- change the type of column ta"ble of table se;lect from integer to bigint
--   blocking, rows rewritten or read: 30
ALTER TABLE "app"."se;lect" ALTER COLUMN "ta""ble" TYPE bigint;

-- add column xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx of table se;lect
ALTER TABLE "app"."se;lect" ADD COLUMN "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" integer;

-- create view --
CREATE VIEW "app"."--" AS
 SELECT "se;lect"."ta""ble" AS "or der"
   FROM app."se;lect";

-- comment on view --
COMMENT ON VIEW "app"."--" IS E''';DROP TABLE x\\';

-- forbid nulls in column 价'格 of table se;lect: for new rows
--   one-way, rows violating: 0
ALTER TABLE "app"."se;lect" ADD CONSTRAINT "carbon_tmp_not_null_041b1216d245aa25" CHECK ("价'格" IS NOT NULL) NOT VALID;

-- forbid nulls in column 价'格 of table se;lect: look at all rows
--   outside of a transaction
ALTER TABLE "app"."se;lect" VALIDATE CONSTRAINT "carbon_tmp_not_null_041b1216d245aa25";

-- forbid nulls in column 价'格 of table se;lect
ALTER TABLE "app"."se;lect" ALTER COLUMN "价'格" SET NOT NULL;

-- forbid nulls in column 价'格 of table se;lect: drop the check that proved it
ALTER TABLE "app"."se;lect" DROP CONSTRAINT "carbon_tmp_not_null_041b1216d245aa25";

-- add constraint se;lect_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_check of table se;lect
ALTER TABLE "app"."se;lect" ADD CONSTRAINT "se;lect_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_check" CHECK ((xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx > 0)) NOT VALID;

-- validate constraint se;lect_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_check of table se;lect
--   outside of a transaction
ALTER TABLE "app"."se;lect" VALIDATE CONSTRAINT "se;lect_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_check";

