-- add value draft to enum state
--   one-way
--   outside of a transaction
ALTER TYPE "app"."state" ADD VALUE 'draft' BEFORE 'new';

-- add value sent to enum state
--   one-way
--   outside of a transaction
ALTER TYPE "app"."state" ADD VALUE 'sent' AFTER 'new';

-- add value lost to enum state
--   one-way
--   outside of a transaction
ALTER TYPE "app"."state" ADD VALUE 'lost' AFTER 'paid';

-- set the default of column s of table t
ALTER TABLE "app"."t" ALTER COLUMN "s" SET DEFAULT 'draft'::app.state;

