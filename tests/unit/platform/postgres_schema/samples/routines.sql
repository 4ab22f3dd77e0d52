-- Functions, procedures, aggregates, triggers and what uses them.
CREATE FUNCTION app.add(a integer, b integer DEFAULT 1, OUT total integer) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 7 AS $$ SELECT a + b $$;
CREATE FUNCTION app.add(a text) RETURNS text LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, app SET work_mem = '8MB' AS $body$ BEGIN RETURN a || $q$;'"$q$; END $body$;
CREATE FUNCTION app.listed(VARIADIC items integer[]) RETURNS TABLE (item integer, square bigint) LANGUAGE sql ROWS 10 AS $$ SELECT i, i::bigint * i FROM unnest(items) i $$;
CREATE FUNCTION app.standard(a integer) RETURNS integer LANGUAGE sql IMMUTABLE RETURN a * 2;
CREATE FUNCTION app.any_of(a anyelement, b anyarray) RETURNS boolean LANGUAGE sql AS $$ SELECT a = ANY (b) $$;
CREATE PROCEDURE app.cleanup(IN days integer, INOUT removed bigint DEFAULT 0) LANGUAGE plpgsql AS $$ BEGIN DELETE FROM app.event WHERE at < now() - make_interval(days => days); END $$;
CREATE FUNCTION app.sum_step(state bigint, value integer) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT state + coalesce(value, 0) $$;
CREATE FUNCTION app.sum_end(state bigint) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT '=' || state $$;
CREATE AGGREGATE app.total(integer) (SFUNC = app.sum_step, STYPE = bigint, FINALFUNC = app.sum_end, INITCOND = '0', PARALLEL = SAFE);
CREATE AGGREGATE app.total_of(VARIADIC items integer[]) (SFUNC = array_cat, STYPE = integer[]);
CREATE TABLE app.event (
    id integer DEFAULT app.standard(21),
    at timestamptz DEFAULT now(),
    kind text,
    doubled integer GENERATED ALWAYS AS (app.standard(id)) STORED,
    CONSTRAINT even CHECK (app.standard(id) % 2 = 0)
);
CREATE INDEX event_standard ON app.event (app.standard(id));
CREATE FUNCTION app.of_event(e app.event) RETURNS text LANGUAGE sql STABLE AS $$ SELECT e.kind $$;
CREATE FUNCTION app.latest() RETURNS SETOF app.event LANGUAGE sql STABLE BEGIN ATOMIC SELECT * FROM app.event ORDER BY at DESC; END;
CREATE VIEW app.shown AS SELECT id, app.of_event(event) AS text FROM app.event;
CREATE VIEW app.totals AS SELECT kind, app.total(id) AS total FROM app.event GROUP BY kind;
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.at := now(); RETURN NEW; END $$;
CREATE FUNCTION app.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
CREATE TRIGGER touch BEFORE UPDATE OF kind, id ON app.event FOR EACH ROW WHEN (OLD.kind IS DISTINCT FROM NEW.kind) EXECUTE FUNCTION app.touch('a', 'it''s');
CREATE TRIGGER seen AFTER INSERT ON app.event REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION app.touch();
CREATE CONSTRAINT TRIGGER late AFTER DELETE ON app.event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION app.refuse();
CREATE TRIGGER through INSTEAD OF INSERT ON app.shown FOR EACH ROW EXECUTE FUNCTION app.touch();
ALTER TABLE app.event DISABLE TRIGGER touch;
ALTER TABLE app.event ENABLE ALWAYS TRIGGER seen;
COMMENT ON FUNCTION app.add(integer, integer) IS 'Adds.';
COMMENT ON PROCEDURE app.cleanup IS 'Nightly.';
COMMENT ON AGGREGATE app.total(integer) IS 'As text.';
COMMENT ON TRIGGER late ON app.event IS 'At commit.';
