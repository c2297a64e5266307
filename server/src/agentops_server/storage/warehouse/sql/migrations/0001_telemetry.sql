-- Events: one row per event and version; the highest version of an id stands (see rows.py for how versions are chosen).
-- Partitioned by the month of receipt: it never changes for a row, and no client can choose it.
CREATE TABLE IF NOT EXISTS events
(
    project_id UUID,
    session_id UUID,
    event_id UUID,
    version UInt64,
    received_ns Int64 CODEC(Delta, ZSTD(1)),
    kind LowCardinality(String),
    event_type LowCardinality(String),
    init_ns Int64 CODEC(Delta, ZSTD(1)),
    end_ns Int64 CODEC(Delta, ZSTD(1)),
    name String CODEC(ZSTD(1)),
    action_type String CODEC(ZSTD(1)),
    agent_id UUID,
    parent_id UUID,
    participant_id UUID,
    sequence UInt64 CODEC(T64, ZSTD(1)),
    params String CODEC(ZSTD(1)),
    returns String CODEC(ZSTD(1)),
    logs String CODEC(ZSTD(1)),
    screenshot String CODEC(ZSTD(1)),
    model LowCardinality(String),
    provider LowCardinality(String),
    finish_reason LowCardinality(String),
    first_token_ns Int64 CODEC(T64, ZSTD(1)),
    model_params String CODEC(ZSTD(1)),
    tools String CODEC(ZSTD(1)),
    thread_id String CODEC(ZSTD(1)),
    prompt String CODEC(ZSTD(1)),
    completion String CODEC(ZSTD(1)),
    input_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    output_tokens Nullable(UInt64) CODEC(T64, ZSTD(1)),
    usage Map(LowCardinality(String), UInt64) CODEC(ZSTD(1)),
    usage_basis LowCardinality(String),
    usage_estimated Bool,
    cost Nullable(Decimal(38, 18)) CODEC(ZSTD(1)),
    computed_cost Nullable(Decimal(38, 18)) CODEC(ZSTD(1)),
    reported_cost Nullable(Decimal(38, 18)) CODEC(ZSTD(1)),
    price_version LowCardinality(String),
    error_type LowCardinality(String),
    error_code String CODEC(ZSTD(1)),
    details String CODEC(ZSTD(1)),
    trigger_event_id UUID,
    trigger_event_type LowCardinality(String),
    attributes Map(String, String) CODEC(ZSTD(1)),
    objects Array(String) CODEC(ZSTD(1)),
    -- Which parts have a session: ids are random to the primary key, so that each lies somewhere within every part.
    INDEX sessions session_id TYPE bloom_filter(0.01),
    -- Whether there are corrections, which are few.
    INDEX corrections version TYPE minmax,
    -- The words of an event, in lower case and without JSON's escapes. Queries must use the same expression, see words.py.
    -- Making it costs as much as storing the event, so inserts leave it out, and merges make it (see ADR 14).
    INDEX words concatWithSeparator(' ', name, error_type, prompt, completion, params, returns, logs, details) TYPE text(
        tokenizer = splitByNonAlpha,
        preprocessor = lowerUTF8(replaceRegexpAll(
            concatWithSeparator(' ', name, error_type, prompt, completion, params, returns, logs, details),
            '\\\\[\\\\nrtbf"/]', ' '
        )),
        posting_list_codec = 'bitpacking'
    )
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(fromUnixTimestamp64Nano(received_ns, 'UTC'))
ORDER BY (project_id, session_id, event_id)
-- A granule is what is read at least for one event: 1 MB of payloads, a third of a thousand of them.
SETTINGS index_granularity_bytes = 1048576, fsync_after_insert = 1, fsync_part_directory = 1;

-- Sessions: the whole of what is known, rewritten at every change; the highest version stands.
CREATE TABLE IF NOT EXISTS sessions
(
    project_id UUID,
    session_id UUID,
    version UInt64,
    received_ns Int64,
    init_ns Int64,
    end_ns Int64,
    end_state LowCardinality(String),
    end_state_reason String CODEC(ZSTD(1)),
    end_implicit Bool,
    name String CODEC(ZSTD(1)),
    display_name String CODEC(ZSTD(1)),
    external_id String CODEC(ZSTD(1)),
    video String CODEC(ZSTD(1)),
    tags Array(String) CODEC(ZSTD(1)),
    refused_events UInt64,
    participants String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE IF NOT EXISTS agents
(
    project_id UUID,
    session_id UUID,
    agent_id UUID,
    version UInt64,
    name String CODEC(ZSTD(1)),
    logs String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id, agent_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
