-- Types that need each other: enums, domains, composites, ranges, arrays of them.
CREATE TYPE app.state AS ENUM ('new', 'it''s paid', 'sent; done');
CREATE TYPE app.empty AS ENUM ();
CREATE DOMAIN app.code AS text CONSTRAINT code_format CHECK (VALUE ~ '^[A-Z]{2,5}$') CHECK (VALUE <> 'XX');
CREATE DOMAIN app.price AS numeric(12,4) DEFAULT 0 NOT NULL CHECK (VALUE >= 0);
CREATE DOMAIN app.special_code AS app.code CHECK (length(VALUE) > 2);
CREATE DOMAIN app.sorted AS text COLLATE "C";
CREATE TYPE app.address AS (street text, zip varchar(10), country app.code, history app.state[]);
CREATE TYPE app.party AS (name text COLLATE "C", home app.address, others app.address[]);
CREATE TYPE app.float_span AS RANGE (SUBTYPE = double precision, SUBTYPE_DIFF = float8mi);
CREATE TYPE app.text_span AS RANGE (SUBTYPE = text, COLLATION = "C", MULTIRANGE_TYPE_NAME = app.text_spans);
CREATE TABLE app.deal (
    id integer PRIMARY KEY,
    state app.state NOT NULL DEFAULT 'new',
    buyer app.party,
    code app.special_code DEFAULT 'ABC',
    price app.price,
    prices app.price[],
    valid app.float_span CHECK (NOT isempty(valid)),
    spans app.text_spans,
    EXCLUDE USING gist (valid WITH &&) WHERE (state <> 'new')
);
CREATE INDEX deal_sent ON app.deal (id) WHERE state = 'sent; done';
CREATE FUNCTION app.next_state(s app.state) RETURNS app.state LANGUAGE sql IMMUTABLE AS $$ SELECT CASE s WHEN 'new' THEN 'it''s paid'::app.state ELSE 'sent; done' END $$;
COMMENT ON TYPE app.state IS 'In this order.';
COMMENT ON DOMAIN app.price IS 'Never negative.';
COMMENT ON CONSTRAINT code_format ON DOMAIN app.code IS 'As printed.';
COMMENT ON COLUMN app.address.zip IS 'With letters in some countries.';
REVOKE USAGE ON TYPE app.state FROM PUBLIC;
