-- How many events an export has in each stretch of its order, and how large they are: by place, and within one by time in
-- a number of steps. Only narrow columns are read, and rows that do not stand may count: it is a plan, not an answer.
WITH
    (
        SELECT (min(init_ns), max(init_ns))
        FROM events
        WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
    ) AS span,
    intDiv(span.2 - span.1, {steps:Int64}) + 1 AS step
SELECT
    /*PLACE*/ AS place, span.1 + intDiv(init_ns - span.1, step) * step AS from_ns, count() AS events,
    sum(1000 + /*BYTES*/) AS bytes
FROM events
WHERE project_id = {project_id:UUID} AND session_id IN ({session_ids:Array(UUID)})
GROUP BY place, from_ns
ORDER BY place, from_ns
