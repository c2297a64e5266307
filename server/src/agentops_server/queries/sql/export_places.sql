-- The places of the first sessions of an export.
SELECT init_ns, session_id
FROM sessions FINAL
WHERE /*CHOSEN*/
ORDER BY init_ns, toString(session_id)
LIMIT {limit:UInt32}
