-- Sessions whose row was made by other rules than today's.
SELECT project_id, session_id
FROM session_totals FINAL
WHERE derivation != {derivation:UInt16}
LIMIT {limit:UInt32}
