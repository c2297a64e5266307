-- The warehouse's tables as they are after the newest migration: to be read, not run. A test compares it with them.
-- Written by `python -m tests.server.storage.warehouse.schema_file`; do not edit.

CREATE TABLE agents
(
    `project_id` UUID,
    `session_id` UUID,
    `agent_id` UUID,
    `version` UInt64,
    `name` String CODEC(ZSTD(1)),
    `logs` String CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id, agent_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE events
(
    `project_id` UUID,
    `session_id` UUID,
    `event_id` UUID,
    `version` UInt64 CODEC(Delta(8), ZSTD(1)),
    `received_ns` Int64 CODEC(Delta(8), ZSTD(1)),
    `kind` LowCardinality(String),
    `event_type` LowCardinality(String),
    `init_ns` Int64 CODEC(Delta(8), ZSTD(1)),
    `end_ns` Int64 CODEC(Delta(8), ZSTD(1)),
    `name` String CODEC(ZSTD(1)),
    `action_type` String CODEC(ZSTD(1)),
    `agent_id` UUID,
    `parent_id` UUID,
    `participant_id` UUID,
    `sequence` UInt64 CODEC(T64, ZSTD(1)),
    `params` String CODEC(Default) SETTINGS (min_compress_block_size = 2097152, max_compress_block_size = 2097152),
    `returns` String CODEC(Default) SETTINGS (min_compress_block_size = 2097152, max_compress_block_size = 2097152),
    `logs` String CODEC(Default),
    `screenshot` String CODEC(Default),
    `model` LowCardinality(String),
    `provider` LowCardinality(String),
    `finish_reason` LowCardinality(String),
    `first_token_ns` Int64 CODEC(T64, ZSTD(1)),
    `model_params` String CODEC(Default),
    `tools` String CODEC(Default),
    `thread_id` String CODEC(ZSTD(1)),
    `prompt` String CODEC(Default) SETTINGS (min_compress_block_size = 2097152, max_compress_block_size = 2097152),
    `completion` String CODEC(Default) SETTINGS (min_compress_block_size = 2097152, max_compress_block_size = 2097152),
    `input_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `output_tokens` Nullable(UInt64) CODEC(T64, ZSTD(1)),
    `usage` Map(LowCardinality(String), UInt64) CODEC(ZSTD(1)),
    `usage_basis` LowCardinality(String),
    `usage_estimated` Bool,
    `cost` Nullable(Decimal(38, 18)) CODEC(ZSTD(1)),
    `computed_cost` Nullable(Decimal(38, 18)) CODEC(ZSTD(1)),
    `reported_cost` Nullable(Decimal(38, 18)) CODEC(ZSTD(1)),
    `price_version` LowCardinality(String),
    `error_type` LowCardinality(String),
    `error_code` String CODEC(ZSTD(1)),
    `details` String CODEC(Default),
    `trigger_event_id` UUID,
    `trigger_event_type` LowCardinality(String),
    `attributes` Map(String, String) CODEC(ZSTD(1)),
    `objects` Array(String) CODEC(ZSTD(1)),
    INDEX sessions session_id TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX corrections version TYPE minmax GRANULARITY 1,
    INDEX words concatWithSeparator(' ', name, error_type, prompt, completion, params, returns, logs, details) TYPE text(tokenizer = splitByNonAlpha, preprocessor = lowerUTF8(replaceRegexpAll(concatWithSeparator(' ', name, error_type, prompt, completion, params, returns, logs, details), '\\\\[\\\\nrtbf"/]', ' ')), posting_list_codec = 'bitpacking') GRANULARITY 100000000,
    INDEX attribute_names mapKeys(attributes) TYPE bloom_filter(0.01) GRANULARITY 1,
    INDEX attribute_values mapValues(attributes) TYPE bloom_filter(0.01) GRANULARITY 1
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY toYYYYMM(fromUnixTimestamp64Nano(received_ns, 'UTC'))
ORDER BY (project_id, session_id, event_id)
TTL toDateTime(intDiv(received_ns, 1000000000), 'UTC') + toIntervalHour(1) RECOMPRESS CODEC(ZSTD(6))
SETTINGS index_granularity_bytes = 1048576, fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192, default_compression_codec = 'ZSTD(1)', max_number_of_merges_with_ttl_in_pool = 2;

CREATE TABLE schema_migrations
(
    `number` UInt32,
    `name` String,
    `checksum` String,
    `applied_ns` Int64
)
ENGINE = MergeTree
ORDER BY number
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE session_totals
(
    `project_id` UUID,
    `session_id` UUID,
    `version` UInt64,
    `as_of_ns` Int64,
    `derivation` UInt16,
    `events` UInt64,
    `llms` UInt64,
    `tools` UInt64,
    `actions` UInt64,
    `errors` UInt64,
    `prompt_tokens` UInt64,
    `completion_tokens` UInt64,
    `cache_read_tokens` UInt64,
    `cost` Decimal(38, 18),
    `unpriced_llms` UInt64,
    `uncounted_llms` UInt64,
    `estimated_llms` UInt64,
    `last_ns` Int64,
    `by_model` Array(Tuple(
        day Int32,
        model String,
        llms UInt64,
        prompt_tokens UInt64,
        completion_tokens UInt64,
        cache_read_tokens UInt64,
        cost Decimal(38, 18),
        unpriced_llms UInt64,
        uncounted_llms UInt64,
        estimated_llms UInt64,
        durations Map(UInt32, UInt64))) CODEC(ZSTD(1)),
    `by_agent` Array(Tuple(
        agent String,
        events UInt64,
        llms UInt64,
        errors UInt64,
        tokens UInt64,
        cost Decimal(38, 18),
        unpriced_llms UInt64,
        estimated_llms UInt64)) CODEC(ZSTD(1)),
    `by_tool` Array(Tuple(
        tool String,
        calls UInt64)) CODEC(ZSTD(1)),
    `by_error` Array(Tuple(
        day Int32,
        error_type String,
        errors UInt64,
        last_ns Int64)) CODEC(ZSTD(1)),
    `participants` Array(Tuple(
        participant_id UUID,
        recorded UInt64,
        received UInt64)) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id)
SETTINGS index_granularity = 512, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE TABLE sessions
(
    `project_id` UUID,
    `session_id` UUID,
    `version` UInt64,
    `received_ns` Int64,
    `init_ns` Int64,
    `end_ns` Int64,
    `end_state` LowCardinality(String),
    `end_state_reason` String CODEC(ZSTD(1)),
    `end_implicit` Bool,
    `name` String CODEC(ZSTD(1)),
    `display_name` String CODEC(ZSTD(1)),
    `external_id` String CODEC(ZSTD(1)),
    `video` String CODEC(ZSTD(1)),
    `tags` Array(String) CODEC(ZSTD(1)),
    `refused_events` UInt64,
    `participants` String CODEC(ZSTD(1)),
    `hosts` Array(String) DEFAULT arrayDistinct(arrayFilter(host -> (host != ''), arrayMap(said -> JSONExtractString(said, 'host_env', 'OS', 'Hostname'), JSONExtractArrayRaw(participants)))) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (project_id, session_id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;

CREATE TABLE summed_until
(
    `as_of_ns` Int64
)
ENGINE = ReplacingMergeTree(as_of_ns)
ORDER BY tuple()
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, index_granularity = 8192;
