//! Users, identities, sign-ins under way, sessions.

queries! {
    /// Sign-ins that nobody has finished. ?1: issued before.
    SWEEP_LOGINS = "DELETE FROM logins WHERE issued_at < ?1";
    /// Sessions that have ended, and by cascade their spent secrets. ?1: now.
    SWEEP_SESSIONS = "DELETE FROM sessions WHERE idle_until < ?1";
}
