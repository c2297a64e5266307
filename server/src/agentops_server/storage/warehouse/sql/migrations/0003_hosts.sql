-- The names of the hosts that a session's processes ran on, for lists: what the processes said of themselves is too long to be
-- read for each row. Of rows that were written before, the engine works it out when it reads them.
ALTER TABLE sessions ADD COLUMN IF NOT EXISTS hosts Array(String) DEFAULT arrayDistinct(arrayFilter(
    host -> host != '',
    arrayMap(said -> JSONExtractString(said, 'host_env', 'OS', 'Hostname'), JSONExtractArrayRaw(participants))
)) CODEC(ZSTD(1));
