-- The sessions of a project with calls of some models that began in a time.
SELECT DISTINCT session_id
FROM events
WHERE project_id = {project_id:UUID} AND kind = 'llm'
    AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64} AND model IN ({models:Array(String)})
ORDER BY session_id
