-- The rows that stand of these events, with the text around the first word, if it is in this text: those of the highest
-- version, found without FINAL, which would read the texts of the rows around them too.
WITH /*TEXT*/ AS text,
    toInt64(positionCaseInsensitiveUTF8(text, {word:String})) AS place,
    greatest(1, place - 80) AS start
SELECT
    session_id, event_id, version, kind, name, init_ns, place > 0 AS has_word,
    replaceRegexpAll(substringUTF8(text, start, 240), '\\\\[\\\\nrtbf"/]', ' ') AS snippet
FROM events
WHERE project_id = {project:UUID}
    AND (session_id, event_id) IN (SELECT arrayJoin(arrayZip({sessions:Array(UUID)}, {events:Array(UUID)})))
ORDER BY version DESC
LIMIT 1 BY session_id, event_id
