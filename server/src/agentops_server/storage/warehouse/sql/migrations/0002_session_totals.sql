-- What the events of a session add up to, derived from them and never counted up: a row can be made anew at any time.
-- as_of_ns: every event that was received before this time is in the sums.
CREATE TABLE IF NOT EXISTS session_totals
(
    project_id UUID,
    session_id UUID,
    version UInt64,
    as_of_ns Int64,
    events UInt64,
    llms UInt64,
    tools UInt64,
    errors UInt64,
    prompt_tokens UInt64,
    completion_tokens UInt64,
    cost Decimal(38, 18),
    unpriced_llms UInt64,
    uncounted_llms UInt64,
    last_ns Int64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
