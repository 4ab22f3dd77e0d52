CREATE TABLE app."se;lect" ("ta""ble" bigint PRIMARY KEY, "价'格" text NOT NULL, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" int CHECK ("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" > 0));
CREATE VIEW app."--" AS SELECT "ta""ble" AS "or der" FROM app."se;lect";
COMMENT ON VIEW app."--" IS ''';DROP TABLE x\';
