-- The kept totals of some sessions as rows that count as made by older rules, just above the ones that they are.
SELECT * REPLACE (toString(cost) AS cost, toUInt16(0) AS derivation, version + 1 AS version)
FROM session_totals FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
