-- What the events of a session add up to, derived from them and never counted up: a row can be made anew at any time.
-- as_of_ns: every event that was received before this time is in the sums.
-- derivation: the number of the rules that it was made by (see totals.py); rows of older rules are made anew.
-- by_…: the same sums apart, so that lists and overviews of a project read no event. A day counts from 1970 in UTC,
-- durations are those of calls that ended, in milliseconds with three significant digits, and how often each occurred.
CREATE TABLE IF NOT EXISTS session_totals
(
    project_id UUID,
    session_id UUID,
    version UInt64,
    as_of_ns Int64,
    derivation UInt16,
    events UInt64,
    llms UInt64,
    tools UInt64,
    actions UInt64,
    errors UInt64,
    prompt_tokens UInt64,
    completion_tokens UInt64,
    cache_read_tokens UInt64,
    cost Decimal(38, 18),
    unpriced_llms UInt64,
    uncounted_llms UInt64,
    estimated_llms UInt64,
    last_ns Int64,
    by_model Array(Tuple(
        day Int32, model String, llms UInt64, prompt_tokens UInt64, completion_tokens UInt64, cache_read_tokens UInt64,
        cost Decimal(38, 18), unpriced_llms UInt64, uncounted_llms UInt64, estimated_llms UInt64,
        durations Map(UInt32, UInt64)
    )) CODEC(ZSTD(1)),
    by_agent Array(Tuple(
        agent String, events UInt64, llms UInt64, errors UInt64, tokens UInt64, cost Decimal(38, 18),
        unpriced_llms UInt64, estimated_llms UInt64
    )) CODEC(ZSTD(1)),
    by_tool Array(Tuple(tool String, calls UInt64)) CODEC(ZSTD(1)),
    by_error Array(Tuple(day Int32, error_type String, errors UInt64, last_ns Int64)) CODEC(ZSTD(1)),
    participants Array(Tuple(participant_id UUID, recorded UInt64, received UInt64)) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id)
-- The fifty sessions of a page lie anywhere, so what is read for one is kept small.
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1;

-- Up to which time of receipt all events of all sessions are summed up: where the next start begins to look.
CREATE TABLE IF NOT EXISTS summed_until
(
    as_of_ns Int64
)
ENGINE = ReplacingMergeTree(as_of_ns)
ORDER BY tuple()
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
