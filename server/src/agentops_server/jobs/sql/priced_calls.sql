-- What the price of each call in some sessions depends on, and what it is.
SELECT
    session_id, event_id, model, provider, init_ns, input_tokens, output_tokens, usage, toString(cost) AS cost,
    toString(computed_cost) AS computed_cost, toString(reported_cost) AS reported_cost, price_version,
    mapFilter((key, value) -> key LIKE '%service_tier', attributes) AS attributes
FROM events FINAL
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)}) AND kind = 'llm'
    AND init_ns >= {since_ns:Int64} AND init_ns < {until_ns:Int64} AND model IN ({models:Array(String)})
    AND version >= {settled:UInt64}
