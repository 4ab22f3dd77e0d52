-- add constraint stays_days_excl of table stays
--   blocking, rows rewritten or read: 2
ALTER TABLE "app"."stays" ADD CONSTRAINT "stays_days_excl" EXCLUDE USING gist (days WITH &&) WHERE ((room > 0));

