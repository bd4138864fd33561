//! What units tell about their use.

queries! {
    /// Writes events, each of them once; those of accounts that are gone are dropped. ?1: a JSON list of
    /// `[device, user, id, day, kind, amount]`.
    COUNT_EVENTS = "INSERT INTO usage_events (device_id, user_id, id, day, kind, amount, received_at) \
        SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, unixepoch() \
        FROM json_each(?1) WHERE EXISTS (SELECT 1 FROM users WHERE users.id = value ->> 1) \
        ON CONFLICT (device_id, id) DO NOTHING";
    /// What was received before is in the sums; and the database's time, less what a clock may be set back.
    COUNTED_UNTIL = "SELECT until, unixepoch() - 5 AS now FROM usage_counted WHERE one = 1";
    /// The first event that was received since. ?1: when.
    NEXT_EVENT = "SELECT min(received_at) AS at FROM usage_events WHERE received_at >= ?1";
    /// Sums up again each day of which something was received. ?1: since, ?2: before.
    SUM_DAYS = "INSERT INTO usage_days (user_id, day, device_id, kind, amount, events) \
        SELECT user_id, day, device_id, kind, sum(amount), count(*) FROM usage_events \
        WHERE (user_id, device_id, day) IN (SELECT user_id, device_id, day FROM usage_events \
        WHERE received_at >= ?1 AND received_at < ?2) GROUP BY user_id, device_id, day, kind \
        ON CONFLICT (user_id, day, device_id, kind) DO UPDATE SET amount = excluded.amount, \
        events = excluded.events";
    /// Notes how far the sums go. ?1: until.
    NOTE_COUNTED = "UPDATE usage_counted SET until = ?1 WHERE one = 1 AND until < ?1";
    /// Events that are in the sums for good. ?1: received before.
    SWEEP_EVENTS = "DELETE FROM usage_events WHERE received_at < ?1 \
        AND received_at < (SELECT until FROM usage_counted WHERE one = 1)";

    /// Sums of somebody's days. ?1: user, ?2: from, ?3: to, ?4: of one unit, if given, ?5: most.
    USAGE_DAYS = "SELECT day, device_id, kind, amount FROM usage_days WHERE user_id = ?1 \
        AND day BETWEEN ?2 AND ?3 AND (?4 IS NULL OR device_id = ?4) ORDER BY day, device_id, kind LIMIT ?5";
    /// All sums of somebody. ?1: user.
    EXPORT_USAGE = "SELECT day, device_id, kind, amount, events FROM usage_days WHERE user_id = ?1";
    /// Events of somebody that are kept still. ?1: user.
    EXPORT_EVENTS = "SELECT device_id, id, day, kind, amount, received_at FROM usage_events \
        WHERE user_id = ?1";

    /// Records a message that could not be worked off. ?1: its number, ?2: user, ?3: what it says, ?4: now.
    BURY = "INSERT INTO usage_dead (id, user_id, body, seen_at) \
        VALUES (?1, (SELECT id FROM users WHERE id = ?2), ?3, ?4) ON CONFLICT (id) DO NOTHING";
    /// How many of those nobody was told of. ?1: now.
    UNTOLD = "SELECT count(*) AS messages FROM usage_dead WHERE told_at IS NULL AND seen_at <= ?1";
    /// Somebody was told. ?1: now.
    TOLD = "UPDATE usage_dead SET told_at = ?1 WHERE told_at IS NULL AND seen_at <= ?1";
    /// Old ones. ?1: seen before.
    SWEEP_DEAD = "DELETE FROM usage_dead WHERE seen_at < ?1";
}
