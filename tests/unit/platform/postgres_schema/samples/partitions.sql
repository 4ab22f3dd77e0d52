-- Partitioned tables of two levels, with keys, indexes, triggers and foreign keys from and to them.
CREATE TABLE app.device (id integer PRIMARY KEY, name text NOT NULL);
CREATE TABLE app.reading (
    device_id integer NOT NULL REFERENCES app.device,
    day date NOT NULL,
    value double precision DEFAULT 0,
    note text,
    PRIMARY KEY (device_id, day),
    CHECK (value > -1000)
) PARTITION BY RANGE (day);
CREATE TABLE app.reading_2023 PARTITION OF app.reading FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
CREATE TABLE app.reading_2024 PARTITION OF app.reading FOR VALUES FROM ('2024-01-01') TO ('2025-01-01') PARTITION BY HASH (device_id);
CREATE TABLE app.reading_2024_0 PARTITION OF app.reading_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE app.reading_2024_1 PARTITION OF app.reading_2024 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE app.reading_rest PARTITION OF app.reading DEFAULT;
CREATE INDEX reading_value ON app.reading (value) WHERE note IS NOT NULL;
CREATE INDEX reading_2023_note ON app.reading_2023 (note);
CREATE TABLE app.remark (device_id integer, day date, text text, FOREIGN KEY (device_id, day) REFERENCES app.reading ON DELETE CASCADE);
CREATE TABLE app.by_kind (kind text, n integer) PARTITION BY LIST (kind);
CREATE TABLE app.by_kind_a PARTITION OF app.by_kind FOR VALUES IN ('a', 'it''s', NULL);
CREATE TABLE app.by_expression (id bigint) PARTITION BY RANGE ((id % 100));
CREATE FUNCTION app.noted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER noted AFTER INSERT ON app.reading FOR EACH ROW EXECUTE FUNCTION app.noted();
CREATE VIEW app.latest AS SELECT DISTINCT ON (device_id) device_id, day, value FROM app.reading ORDER BY device_id, day DESC;
COMMENT ON TABLE app.reading_2023 IS 'Closed.';
