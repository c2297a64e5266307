-- Sessions with an event that has all the words. The table is read without FINAL, so that the words' index answers and
-- no text is read. A row that was corrected since is left out by what corrections there are (their versions are above
-- 2^63, see rows.py, and an index of the versions leads to them). Most sessions have none: of these the ids and versions
-- of events are not read, which are most of the work.
SELECT session_id
FROM events
WHERE project_id = {project_id:UUID} AND /*WORDS*/
    AND session_id NOT IN
    (
        SELECT session_id FROM events WHERE project_id = {project_id:UUID} AND version >= 9223372036854775808
    )
GROUP BY session_id
UNION ALL
SELECT found.session_id
FROM
(
    SELECT session_id, event_id, max(version) AS highest
    FROM events
    WHERE project_id = {project_id:UUID} AND /*WORDS*/
        AND session_id IN
        (
            SELECT session_id FROM events WHERE project_id = {project_id:UUID} AND version >= 9223372036854775808
        )
    GROUP BY session_id, event_id
) AS found
LEFT ANY JOIN
(
    SELECT session_id, event_id, max(version) AS highest
    FROM events
    WHERE project_id = {project_id:UUID} AND version >= 9223372036854775808
    GROUP BY session_id, event_id
) AS corrected USING (session_id, event_id)
WHERE found.highest >= corrected.highest
