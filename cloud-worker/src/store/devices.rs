//! Units that belong to somebody, and their change of hands.

queries! {
    /// The unit of a key. ?1: thumbprint.
    DEVICE_BY_KEY = "SELECT id, user_id, name, key_hash FROM devices WHERE key_hash = ?1";
    /// The unit itself and whose it is. ?1: id, ?2: user.
    DEVICE_AND_OWNER = "SELECT d.id, d.name, d.paired_at, u.name AS owner_name, u.email AS owner_email \
        FROM devices AS d JOIN users AS u ON u.id = d.user_id WHERE d.id = ?1 AND d.user_id = ?2";
    /// A page of somebody's units, oldest first. ?1: user, ?2 and ?3: paired_at and id of the last one before,
    /// ?4: how many.
    DEVICE_PAGE = "SELECT id, name, model, version, paired_at FROM devices WHERE user_id = ?1 \
        AND (paired_at, id) > (?2, ?3) ORDER BY paired_at, id LIMIT ?4";
    /// Every unit of somebody. ?1: user.
    DEVICE_IDS = "SELECT id FROM devices WHERE user_id = ?1";
    /// Whether a unit is somebody's. ?1: id, ?2: user.
    OWN_DEVICE = "SELECT id FROM devices WHERE id = ?1 AND user_id = ?2";
    /// Names it. ?1: id, ?2: user, ?3: name.
    RENAME_DEVICE = "UPDATE devices SET name = ?3 WHERE id = ?1 AND user_id = ?2 RETURNING id";
    /// Ends what is left of how it was paired. ?1: id, ?2: user.
    FORGET_PAIRING = "DELETE FROM pairings WHERE key_hash = \
        (SELECT key_hash FROM devices WHERE id = ?1 AND user_id = ?2)";
    /// Ends a pairing. ?1: id, ?2: user.
    REMOVE_DEVICE = "DELETE FROM devices WHERE id = ?1 AND user_id = ?2 RETURNING id";
    /// Everything of somebody's units. ?1: user.
    EXPORT_DEVICES = "SELECT id, name, model, version, paired_at FROM devices WHERE user_id = ?1";

    /// Whether a session goes on and its user still has the unit. ?1: session, ?2: unit, ?3: now.
    REMOTE_LIVES = "SELECT s.id FROM sessions AS s JOIN devices AS d ON d.user_id = s.user_id \
        WHERE s.id = ?1 AND d.id = ?2 AND s.idle_until > ?3 AND s.expires_at > ?3";

    /// Lets a unit be taken over, once. ?1: unit, ?2: user, ?3: digest of the code, ?4: end.
    OFFER_DEVICE = "INSERT INTO transfers (device_id, user_id, code_hash, expires_at) \
        SELECT id, user_id, ?3, ?4 FROM devices WHERE id = ?1 AND user_id = ?2 \
        ON CONFLICT (device_id) DO UPDATE SET user_id = excluded.user_id, \
        code_hash = excluded.code_hash, expires_at = excluded.expires_at RETURNING device_id";
    /// Takes the offer back. ?1: unit, ?2: user.
    WITHDRAW_DEVICE = "DELETE FROM transfers WHERE device_id = ?1 AND EXISTS \
        (SELECT 1 FROM devices WHERE id = ?1 AND user_id = ?2) RETURNING device_id";
    /// What is offered. ?1: digest of the code, ?2: now, ?3: who asks, who cannot be the owner.
    OFFERED_DEVICE = "SELECT d.name, d.model, d.version, u.name AS owner_name, u.email AS owner_email \
        FROM transfers AS t JOIN devices AS d ON d.id = t.device_id JOIN users AS u ON u.id = d.user_id \
        WHERE t.code_hash = ?1 AND t.expires_at > ?2 AND d.user_id <> ?3";
    /// Gives the unit of a code to who has it. ?1: digest, ?2: now, ?3: the new owner, ?4: most units of one.
    TAKE_DEVICE = "UPDATE devices SET user_id = ?3, paired_at = ?2 WHERE id = \
        (SELECT device_id FROM transfers WHERE code_hash = ?1 AND expires_at > ?2) AND user_id <> ?3 \
        AND (SELECT count(*) FROM devices AS other WHERE other.user_id = ?3) < ?4 RETURNING id, name";
    /// Uses the code up, if the unit is now who took it's. ?1: digest, ?2: the new owner.
    USE_OFFER = "DELETE FROM transfers WHERE code_hash = ?1 AND user_id <> ?2 AND EXISTS \
        (SELECT 1 FROM devices WHERE devices.id = transfers.device_id AND devices.user_id = ?2)";
    /// Offers that nobody took. ?1: now.
    SWEEP_TRANSFERS = "DELETE FROM transfers WHERE expires_at < ?1";
}
