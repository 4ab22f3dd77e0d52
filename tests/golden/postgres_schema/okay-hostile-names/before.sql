CREATE TABLE app."se;lect" ("ta""ble" int PRIMARY KEY, "价'格" text);
