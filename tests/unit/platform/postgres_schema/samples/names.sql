-- Names that are words of SQL, hold quotes, semicolons, comments or 63 bytes.
CREATE TYPE app."select" AS ENUM ('a''b', '"', ';', '--', '\');
CREATE DOMAIN app."dom ain" AS app."select" CONSTRAINT "con;straint" CHECK (VALUE <> '\');
CREATE TABLE app."table" (
    "primary" integer PRIMARY KEY,
    "quo""te" app."select" DEFAULT '"',
    "semi;colon" app."dom ain",
    "价格" numeric CHECK ("价格" > 0),
    "it's" text DEFAULT E'\\ it''s',
    "$1" text,
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" integer UNIQUE
);
CREATE TABLE app."xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxy" (
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" serial PRIMARY KEY,
    "order" integer REFERENCES app."table" ON DELETE SET NULL
);
CREATE INDEX "in;dex" ON app."table" ("quo""te", lower("it's")) WHERE "$1" IS NOT NULL;
CREATE VIEW app."view""" AS SELECT "primary" AS "or der", "quo""te" AS "'" FROM app."table" AS "user";
CREATE FUNCTION app."func(tion"("in put" app."select", "价" text DEFAULT ';') RETURNS text LANGUAGE sql AS $$ SELECT 'a;b' || $2 $$;
CREATE FUNCTION app."trig;ger"() RETURNS trigger LANGUAGE plpgsql AS $_$ BEGIN RETURN NEW; -- $$ ;
END $_$;
CREATE TRIGGER "tri""gger" AFTER UPDATE OF "quo""te" ON app."table" FOR EACH ROW EXECUTE FUNCTION app."trig;ger"();
ALTER TABLE app."table" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "po;licy" ON app."table" USING ("it's" = '";--');
COMMENT ON TABLE app."table" IS ''';DROP SCHEMA app;--';
COMMENT ON COLUMN app."table"."quo""te" IS E'line\nbreak\ttab \\ end';
GRANT SELECT ("quo""te") ON app."table" TO "ro;le";
