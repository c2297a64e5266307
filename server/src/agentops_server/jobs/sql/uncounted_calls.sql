-- Some calls of a session that miss a token count which their messages give a hint of, whole.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND kind = 'llm'
    AND NOT usage_estimated AND version >= {settled:UInt64}
    AND ((input_tokens IS NULL AND prompt != '') OR (output_tokens IS NULL AND completion != ''))
LIMIT {limit:UInt32}
