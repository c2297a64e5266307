-- Those of these rows that stand, with the text around the first word.
WITH /*TEXT*/ AS text,
    greatest(1, toInt64(positionCaseInsensitiveUTF8(text, {word:String})) - 80) AS start
SELECT
    session_id, event_id, kind, name, init_ns,
    replaceRegexpAll(substringUTF8(text, start, 240), '\\\\[\\\\nrtbf"/]', ' ') AS snippet
FROM events FINAL
WHERE project_id = {project_id:UUID}
    AND (session_id, event_id) IN (SELECT arrayJoin(arrayZip({session_ids:Array(UUID)}, {event_ids:Array(UUID)})))
    AND (session_id, event_id, toString(version)) IN
        (SELECT arrayJoin(arrayZip({session_ids:Array(UUID)}, {event_ids:Array(UUID)}, {versions:Array(String)})))
ORDER BY init_ns DESC, event_id DESC
