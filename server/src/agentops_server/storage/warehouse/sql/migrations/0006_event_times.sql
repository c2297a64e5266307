-- In which granules events began when: a search for the latest events with some words need not read when all others did. The ids
-- of sessions rise with time where a recent SDK made them, so a granule has events of one time. Parts that are there already get it
-- when they are merged.
ALTER TABLE events ADD INDEX IF NOT EXISTS begun init_ns TYPE minmax GRANULARITY 1;
