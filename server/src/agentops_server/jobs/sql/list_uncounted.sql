-- Sessions whose totals, made after a moment, have calls that miss a token count. The oldest totals first.
SELECT project_id, session_id, version
FROM session_totals
WHERE version > {after:UInt64} AND uncounted_llms > 0
ORDER BY version
LIMIT {limit:UInt32}
