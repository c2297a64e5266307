-- How large the events of an export are, and those of its largest session. Only narrow columns are read, and rows that do
-- not stand may count: it is a plan, not an answer.
SELECT sum(session_bytes) AS bytes, max(session_bytes) AS largest
FROM
(
    SELECT sum(1000 + /*BYTES*/) AS session_bytes
    FROM events
    WHERE project_id = {project_id:UUID} AND session_id IN (/*SESSIONS*/)
    GROUP BY session_id
)
SETTINGS max_threads = 1
