-- The kept totals of some sessions.
SELECT * EXCEPT (project_id, version, as_of_ns, derivation) REPLACE (toString(cost) AS cost)
FROM session_totals FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
