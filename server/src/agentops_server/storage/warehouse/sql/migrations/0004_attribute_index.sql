-- Which parts have an attribute with this name, or with this value: those that no field holds are looked for by both. Parts that
-- are there already get it when they are merged, and are read until then.
ALTER TABLE events ADD INDEX IF NOT EXISTS attribute_names mapKeys(attributes) TYPE bloom_filter(0.01);
ALTER TABLE events ADD INDEX IF NOT EXISTS attribute_values mapValues(attributes) TYPE bloom_filter(0.01);
