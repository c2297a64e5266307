-- Errors by day.
SELECT part.day AS day, sum(part.errors) AS errors
FROM session_totals FINAL
ARRAY JOIN by_error AS part
WHERE project_id = {project:UUID} AND session_id IN
(
    /*SESSIONS*/
)
GROUP BY day
ORDER BY day
