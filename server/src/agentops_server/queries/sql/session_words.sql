-- Events of one session that have all the words, in no order. Read without FINAL, so that the words' index answers; a row
-- that was corrected since is left out by the highest version of its event, which no text is read for.
SELECT found.event_id AS event_id
FROM
(
    SELECT session_id, event_id, max(version) AS highest
    FROM events
    WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND /*WORDS*/
    GROUP BY session_id, event_id
) AS found
INNER ANY JOIN
(
    SELECT session_id, event_id, max(version) AS highest
    FROM events
    WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID}
    GROUP BY session_id, event_id
) AS standing USING (session_id, event_id)
WHERE found.highest = standing.highest
LIMIT {limit:UInt32}
