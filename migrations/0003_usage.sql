-- What units tell about their use, and its sums.

-- As it came. Swept after 40 days; by then it is in the sums.
CREATE TABLE usage_events (
    device_id TEXT NOT NULL,
    id TEXT NOT NULL,
    -- Whose the unit was. The history stays theirs when the unit goes to somebody else.
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Days since 1970.
    day INTEGER NOT NULL CHECK (day >= 0),
    kind TEXT NOT NULL
        CHECK (kind IN ('played_seconds', 'tracks_finished', 'starts', 'remote_commands', 'underruns')),
    amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND 86400),
    -- By the database's own clock, so that what has not come yet is never earlier.
    received_at INTEGER NOT NULL,
    -- An event counts once, however often it comes.
    PRIMARY KEY (device_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_events_by_day ON usage_events (user_id, device_id, day);
CREATE INDEX usage_events_by_age ON usage_events (received_at, user_id, device_id, day);

-- Sums of a day.
CREATE TABLE usage_days (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    day INTEGER NOT NULL,
    device_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount INTEGER NOT NULL,
    events INTEGER NOT NULL,
    PRIMARY KEY (user_id, day, device_id, kind)
) STRICT, WITHOUT ROWID;

-- One row: what was received before is in the sums.
CREATE TABLE usage_counted (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    until INTEGER NOT NULL
) STRICT;
INSERT INTO usage_counted (one, until) VALUES (1, 0);

-- Messages that could not be worked off, for people to look at. Kept 90 days.
CREATE TABLE usage_dead (
    -- The queue's number of the message.
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    body TEXT NOT NULL,
    seen_at INTEGER NOT NULL,
    -- None until somebody was told.
    told_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_dead_of_user ON usage_dead (user_id);
CREATE INDEX usage_dead_by_age ON usage_dead (seen_at);
CREATE INDEX usage_dead_untold ON usage_dead (seen_at) WHERE told_at IS NULL;
