-- Some sessions of an export, whole.
SELECT *
FROM sessions FINAL
WHERE /*CHOSEN*/
ORDER BY init_ns, toString(session_id)
LIMIT {limit:UInt32}
