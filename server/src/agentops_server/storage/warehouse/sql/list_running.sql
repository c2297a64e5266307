-- Sessions of all projects that have not ended.
SELECT *
FROM sessions FINAL
WHERE end_ns = 0
