-- The rows that stand of these events, with the text around the first word, if it is in this text: those of the highest
-- version, found without FINAL, which would read the texts of the rows around them too. An event of these ids in another
-- one of these sessions may be among them: to look for pairs would take half as long again.
WITH /*TEXT*/ AS text,
    toInt64(positionCaseInsensitiveUTF8(text, {word:String})) AS place,
    greatest(1, place - 80) AS start
SELECT
    session_id, event_id, version, kind, name, init_ns, place > 0 AS has_word,
    replaceRegexpAll(substringUTF8(text, start, 240), '\\\\[\\\\nrtbf"/]', ' ') AS snippet
FROM events
WHERE project_id = {project:UUID}
    AND session_id IN ({sessions:Array(UUID)}) AND event_id IN ({events:Array(UUID)})
ORDER BY version DESC
LIMIT 1 BY session_id, event_id
-- A few granules with large texts: the engine would have one thread read them.
SETTINGS max_threads = 2, merge_tree_min_rows_for_concurrent_read = 1, merge_tree_min_bytes_for_concurrent_read = 1
