-- add column note of table p
ALTER TABLE "app"."p" ADD COLUMN "note" text DEFAULT 'x'::text;

-- create table p2024
CREATE TABLE "app"."p2024" PARTITION OF "app"."p" FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');

-- create index p_note of table p
--   blocking, rows rewritten or read: 100
CREATE INDEX "p_note" ON app.p USING btree (note);

