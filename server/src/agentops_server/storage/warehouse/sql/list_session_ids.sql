-- The sessions of all projects that have events: only the key is read.
SELECT DISTINCT session_id
FROM events
