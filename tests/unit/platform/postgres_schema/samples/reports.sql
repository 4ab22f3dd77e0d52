-- Queries in every shape: common table expressions, windows, grouping sets, lateral joins, set operations, views on views.
CREATE TABLE app.sale (id integer PRIMARY KEY, region text, seller text, at timestamptz NOT NULL, amount numeric(10,2), details json, span interval DEFAULT '1 day 02:00:00');
CREATE TABLE app.target (region text, amount numeric, since date DEFAULT '2020-01-01', at timestamptz DEFAULT '2020-01-01 00:00+00', hex bytea DEFAULT '\xdeadbeef', bits bit(4) DEFAULT B'1010');
CREATE VIEW app.ranked AS SELECT *, row_number() OVER w AS n, lag(amount, 2, 0) OVER (PARTITION BY seller ORDER BY at ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS before FROM app.sale WINDOW w AS (PARTITION BY region ORDER BY amount DESC);
CREATE VIEW app.tree AS WITH RECURSIVE t(n, path) AS (SELECT 1, ARRAY[1] UNION ALL SELECT n + 1, path || (n + 1) FROM t WHERE n < 5) SELECT * FROM t;
CREATE VIEW app.cube AS SELECT region, seller, sum(amount), grouping(region, seller) FROM app.sale GROUP BY GROUPING SETS ((region, seller), ROLLUP (region), ());
CREATE VIEW app.latest AS SELECT r.region, s.* FROM (SELECT DISTINCT region FROM app.sale) r LEFT JOIN LATERAL (SELECT id, amount FROM app.sale x WHERE x.region = r.region ORDER BY at DESC LIMIT 1) s ON true;
CREATE VIEW app.either AS (SELECT region FROM app.sale EXCEPT SELECT region FROM app.target) UNION ALL SELECT 'none' WHERE NOT EXISTS (SELECT FROM app.sale) ORDER BY 1;
CREATE VIEW app.mixed AS
    SELECT id, CASE WHEN amount > 10 THEN 'big' ELSE NULL END AS size, coalesce(region, '?') COLLATE "C" AS region, details ->> 'a' AS a,
        extract(year FROM at) AS year, at AT TIME ZONE 'UTC' AS utc, amount::text || '%' AS label, (SELECT max(t.amount) FROM app.target t) AS best,
        seller IN ('x', 'y') AS known, region SIMILAR TO 'a%' AS similar, substring(seller FROM 2 FOR 3) AS part, position('a' IN seller) AS place,
        NULLIF(amount, 0) AS amount, GREATEST(amount, 1) AS most, ARRAY[id, 2] AS list, id BETWEEN SYMMETRIC 5 AND 1 AS near
    FROM app.sale TABLESAMPLE system (10);
CREATE VIEW app.over AS SELECT r.n, m.size FROM app.ranked r JOIN app.mixed m USING (id) WHERE r.n = ANY (ARRAY[1, 2]) OR m.size LIKE 'b%';
CREATE VIEW app.named (one, two) AS VALUES (1, 'a'), (2, 'b');
CREATE MATERIALIZED VIEW app.kept AS SELECT n, count(*) AS c FROM app.over GROUP BY n;
CREATE INDEX kept_n ON app.kept (n);
CREATE VIEW app.on_kept AS SELECT * FROM app.kept;
