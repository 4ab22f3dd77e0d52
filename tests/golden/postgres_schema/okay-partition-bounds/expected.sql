-- detach table p2023 to give it other bounds
ALTER TABLE "app"."p" DETACH PARTITION "app"."p2023";

-- attach table p2023 FOR VALUES FROM ('2023-01-01') TO ('2025-01-01')
--   blocking, rows rewritten or read: 100
ALTER TABLE "app"."p" ATTACH PARTITION "app"."p2023" FOR VALUES FROM ('2023-01-01') TO ('2025-01-01');

