//! Users, identities, sign-ins under way, sessions.

queries! {
    /// Notes a sign-in.
    BEGIN_LOGIN = "INSERT INTO logins (state_hash, provider, browser_hash, verifier, nonce, return_to, \
        link_session, issued_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    /// Finds a sign-in and takes it away in one step. ?1: digest of the state.
    TAKE_LOGIN = "DELETE FROM logins WHERE state_hash = ?1 RETURNING provider, browser_hash, verifier, nonce, \
        return_to, link_session, issued_at";
    /// Sign-ins that nobody has finished. ?1: issued before.
    SWEEP_LOGINS = "DELETE FROM logins WHERE issued_at < ?1";

    /// The owner of an identity, noting that it was used. ?1: issuer, ?2: subject, ?3: now.
    USE_IDENTITY = "UPDATE identities SET used_at = ?3 WHERE issuer = ?1 AND subject = ?2 RETURNING user_id";
    /// A new user. ?1: id, ?2: name, ?3: mail, ?4: now.
    ADD_USER = "INSERT INTO users (id, name, email, created_at) VALUES (?1, ?2, ?3, ?4)";
    /// A new identity; fails if anybody has it.
    ADD_IDENTITY = "INSERT INTO identities (issuer, subject, id, user_id, provider, name, email, created_at, \
        used_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)";
    /// Takes an identity off its user unless it is the only one. ?1: id, ?2: user.
    REMOVE_IDENTITY = "DELETE FROM identities WHERE id = ?1 AND user_id = ?2 AND EXISTS \
        (SELECT 1 FROM identities AS other WHERE other.user_id = ?2 AND other.id <> ?1) RETURNING id";
    /// Whether an identity is the user's. ?1: id, ?2: user.
    OWN_IDENTITY = "SELECT id FROM identities WHERE id = ?1 AND user_id = ?2";

    /// A new session. ?4: now, ?5 and ?6: its ends.
    BEGIN_SESSION = "INSERT INTO sessions (id, user_id, secret_hash, created_at, rotated_at, idle_until, \
        expires_at, agent) VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7)";
    /// The session of a secret, if it goes on. ?1: digest, ?2: now.
    SESSION_BY_SECRET = "SELECT id, user_id, expires_at FROM sessions WHERE secret_hash = ?1 \
        AND idle_until > ?2 AND expires_at > ?2";
    /// Whether a session goes on. ?1: id, ?2: user, ?3: now.
    SESSION_LIVES = "SELECT id FROM sessions WHERE id = ?1 AND user_id = ?2 AND idle_until > ?3 \
        AND expires_at > ?3";
    /// Remembers a secret that is about to be replaced. ?1: digest, ?2: now.
    SPEND_SECRET = "INSERT INTO spent_secrets (secret_hash, session_id, spent_at) \
        SELECT secret_hash, id, ?2 FROM sessions WHERE secret_hash = ?1";
    /// Replaces a secret; nothing if somebody else just has. ?1: old digest, ?2: new, ?3: now, ?4: idle end.
    ROTATE_SESSION = "UPDATE sessions SET secret_hash = ?2, rotated_at = ?3, idle_until = ?4 \
        WHERE secret_hash = ?1 RETURNING id";
    /// The session that a replaced secret belonged to. ?1: digest.
    SPENT = "SELECT p.session_id, p.spent_at, s.user_id FROM spent_secrets AS p \
        JOIN sessions AS s ON s.id = p.session_id WHERE p.secret_hash = ?1";
    /// Ends a session. ?1: id.
    END_SESSION = "DELETE FROM sessions WHERE id = ?1";
    /// Ends the session of a secret. ?1: digest.
    END_SESSION_BY_SECRET = "DELETE FROM sessions WHERE secret_hash = ?1 RETURNING id, user_id";
    /// Ends a session of one's own. ?1: id, ?2: user.
    END_OWN_SESSION = "DELETE FROM sessions WHERE id = ?1 AND user_id = ?2 RETURNING id";
    /// Sessions that have ended, and by cascade their spent secrets. ?1: now.
    SWEEP_SESSIONS = "DELETE FROM sessions WHERE idle_until < ?1";

    /// A user. ?1: id.
    USER = "SELECT id, name, email, tier, created_at FROM users WHERE id = ?1";
    /// A user's identities. ?1: user.
    IDENTITIES = "SELECT id, provider, issuer, subject, name, email, created_at, used_at FROM identities \
        WHERE user_id = ?1";
    /// A user's sessions. ?1: user.
    SESSIONS = "SELECT id, created_at, rotated_at, expires_at, agent FROM sessions WHERE user_id = ?1";
    /// Removes a user and, by cascade, everything of theirs. ?1: id.
    DELETE_USER = "DELETE FROM users WHERE id = ?1";
}
