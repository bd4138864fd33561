//! Pairings under way.

queries! {
    /// Ends what the same key began before. ?1: thumbprint.
    DROP_PAIRING = "DELETE FROM pairings WHERE key_hash = ?1";
    /// Begins one, unless the key is paired or the code is taken. ?1: digest of the device code, ?2: user code,
    /// ?3: thumbprint, ?4: name, ?5: model, ?6: version, ?7: end, ?8: interval.
    BEGIN_PAIRING = "INSERT OR IGNORE INTO pairings (device_hash, user_code, key_hash, name, model, version, \
        polled_at, expires_at, interval) SELECT ?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8 \
        WHERE NOT EXISTS (SELECT 1 FROM devices WHERE key_hash = ?3) RETURNING device_hash";
    /// Notes a poll; one that came too soon lengthens the interval. ?1: digest, ?2: thumbprint, ?3: now,
    /// ?4: by how much.
    POLL_PAIRING = "UPDATE pairings SET polled_at = ?3, \
        interval = interval + CASE WHEN ?3 - polled_at < interval THEN ?4 ELSE 0 END \
        WHERE device_hash = ?1 AND key_hash = ?2 AND expires_at > ?3 \
        RETURNING stage, interval, device_id, user_id";
    /// How a pairing stands, for the unit. ?1: digest, ?2: thumbprint, ?3: now.
    PAIRING_OF_UNIT = "SELECT stage, interval, device_id, user_id FROM pairings \
        WHERE device_hash = ?1 AND key_hash = ?2 AND expires_at > ?3";
    /// Who asks for a unit. ?1: user.
    ASKER = "SELECT name, email FROM users WHERE id = ?1";
    /// The driver's no. ?1: digest, ?2: thumbprint, ?3: now.
    DENY_PAIRING = "UPDATE pairings SET stage = 'denied' WHERE device_hash = ?1 AND key_hash = ?2 \
        AND stage = 'confirm' AND expires_at > ?3 RETURNING stage";
    /// The driver's yes: the unit is whose account asked. ?1: digest, ?2: thumbprint, ?3: now, ?4: new id,
    /// ?5: most units of one.
    ADD_DEVICE = "INSERT INTO devices (id, user_id, key_hash, name, model, version, paired_at) \
        SELECT ?4, p.user_id, p.key_hash, p.name, p.model, p.version, ?3 FROM pairings AS p \
        WHERE p.device_hash = ?1 AND p.key_hash = ?2 AND p.stage = 'confirm' AND p.expires_at > ?3 \
        AND NOT EXISTS (SELECT 1 FROM devices AS d WHERE d.key_hash = p.key_hash) \
        AND (SELECT count(*) FROM devices AS d WHERE d.user_id = p.user_id) < ?5";
    /// Ends the pairing if the unit was added. ?1: digest, ?2: thumbprint, ?3: the new id.
    END_PAIRING = "UPDATE pairings SET stage = 'paired', device_id = ?3 WHERE device_hash = ?1 \
        AND key_hash = ?2 AND stage = 'confirm' AND EXISTS (SELECT 1 FROM devices WHERE id = ?3) RETURNING stage";

    /// Whether a code is of a pairing that one has approved oneself: no guess. ?1: code, ?2: now, ?3: user.
    OWN_PAIRING = "SELECT name, model, version, stage, device_id, expires_at FROM pairings \
        WHERE user_code = ?1 AND expires_at > ?2 AND user_id = ?3";
    /// The unit that shows a code, while nobody has approved it. ?1: code, ?2: now.
    WAITING_PAIRING = "SELECT name, model, version, stage, device_id, expires_at FROM pairings \
        WHERE user_code = ?1 AND expires_at > ?2 AND stage = 'waiting'";
    /// Approves it. ?1: code, ?2: now, ?3: user.
    APPROVE_PAIRING = "UPDATE pairings SET stage = 'confirm', user_id = ?3 \
        WHERE user_code = ?1 AND expires_at > ?2 AND stage = 'waiting' RETURNING stage";
    /// How many units somebody has. ?1: user.
    DEVICE_COUNT = "SELECT count(*) AS number FROM devices WHERE user_id = ?1";
    /// Pairings that are over. ?1: now.
    SWEEP_PAIRINGS = "DELETE FROM pairings WHERE expires_at < ?1";
}
