-- The models of which a project has calls that began in a time.
SELECT DISTINCT toString(model) AS model
FROM events
WHERE project_id = {project_id:UUID} AND kind = 'llm'
    AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64}
