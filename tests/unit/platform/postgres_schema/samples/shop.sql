-- An order book: keys of every sort, foreign keys, checks, indexes, views, a materialised view, comments.
CREATE TABLE app.customer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email LIKE '%_@_%'),
    name varchar(80) NOT NULL,
    country char(2) COLLATE "C" DEFAULT 'DE',
    created timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE app.product (
    sku varchar(20) PRIMARY KEY,
    kind varchar(12) NOT NULL CHECK (kind IN ('book', 'disc', 'toy')),
    price numeric(10,2) NOT NULL CHECK (price >= 0),
    tags text[] NOT NULL DEFAULT '{}',
    attributes jsonb,
    gross numeric(12,2) GENERATED ALWAYS AS (price * 1.19) STORED
);
CREATE TABLE app.orders (
    id bigserial PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES app.customer ON DELETE RESTRICT ON UPDATE CASCADE,
    parent_id bigint REFERENCES app.orders DEFERRABLE INITIALLY DEFERRED,
    placed date NOT NULL DEFAULT CURRENT_DATE,
    shipped date,
    CONSTRAINT shipped_later CHECK (shipped IS NULL OR shipped >= placed)
);
CREATE TABLE app.line (
    order_id bigint NOT NULL REFERENCES app.orders ON DELETE CASCADE,
    n smallint NOT NULL,
    sku varchar(20) NOT NULL REFERENCES app.product,
    amount integer NOT NULL DEFAULT 1,
    PRIMARY KEY (order_id, n) INCLUDE (amount),
    UNIQUE NULLS NOT DISTINCT (order_id, sku)
);
CREATE INDEX orders_open ON app.orders (placed DESC NULLS LAST) WHERE shipped IS NULL;
CREATE INDEX product_tags ON app.product USING gin (tags);
CREATE INDEX product_attributes ON app.product USING gin (attributes jsonb_path_ops);
CREATE INDEX customer_name ON app.customer (lower(name) text_pattern_ops) INCLUDE (email) WITH (fillfactor = 80);
CREATE UNIQUE INDEX line_sku ON app.line (sku, (amount % 10), order_id);
CREATE STATISTICS app.line_statistics (ndistinct, dependencies) ON order_id, sku FROM app.line;
CREATE VIEW app.order_total AS
    SELECT o.id, c.name AS customer, sum(l.amount * p.price) AS total, count(*) FILTER (WHERE p.kind = 'book') AS books
    FROM app.orders o JOIN app.customer c ON c.id = o.customer_id JOIN app.line l ON l.order_id = o.id JOIN app.product p USING (sku)
    GROUP BY o.id, c.name;
CREATE VIEW app.large_order WITH (security_barrier = true) AS SELECT * FROM app.order_total WHERE total > 1000;
CREATE MATERIALIZED VIEW app.sales AS SELECT placed, sum(total) AS total FROM app.order_total JOIN app.orders USING (id) GROUP BY placed;
CREATE UNIQUE INDEX sales_day ON app.sales (placed);
COMMENT ON TABLE app.orders IS 'What was ordered; it''s "final" once shipped.';
COMMENT ON COLUMN app.orders.placed IS 'Calendar day \ of the shop.';
COMMENT ON CONSTRAINT shipped_later ON app.orders IS 'No parcel travels back in time.';
COMMENT ON INDEX app.orders_open IS 'For the packing list.';
COMMENT ON VIEW app.order_total IS 'One row an order.';
COMMENT ON COLUMN app.order_total.books IS 'Lines, not pieces.';
COMMENT ON MATERIALIZED VIEW app.sales IS 'Refreshed at night.';
