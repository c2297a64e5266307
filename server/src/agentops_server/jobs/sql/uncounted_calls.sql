-- Some calls of a session that miss a token count which their messages give a hint of, whole. A call without an answer
-- failed, or still runs: nobody is charged for a question that was refused.
SELECT * REPLACE (
    toString(cost) AS cost, toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost
)
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id = {session_id:UUID} AND kind = 'llm'
    AND NOT usage_estimated AND version >= {settled:UInt64}
    AND completion != '' AND ((input_tokens IS NULL AND prompt != '') OR output_tokens IS NULL)
LIMIT {limit:UInt32}
