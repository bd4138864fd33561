-- People, how they sign in, and their sessions. Times are whole seconds since 1970, UTC;
-- hashes are SHA-256 in base64url.

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- Verified by the provider, for display and notices only: it never identifies anybody.
    email TEXT,
    tier TEXT NOT NULL DEFAULT 'free' CHECK (tier IN ('free', 'plus')),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Who somebody is: the issuer's word for them. One identity belongs to one user for ever.
CREATE TABLE identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    provider TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    created_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX identities_of_user ON identities (user_id);

-- A sign-in under way. It is deleted by the answer that uses it.
CREATE TABLE logins (
    state_hash TEXT NOT NULL PRIMARY KEY,
    provider TEXT NOT NULL,
    browser_hash TEXT NOT NULL,
    verifier TEXT NOT NULL,
    nonce TEXT NOT NULL,
    return_to TEXT NOT NULL,
    -- Set when a second identity is to be linked.
    link_session TEXT,
    issued_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX logins_by_age ON logins (issued_at);

-- One row a signed-in browser. The secret itself is in the browser's cookie only.
CREATE TABLE sessions (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    secret_hash TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    rotated_at INTEGER NOT NULL,
    idle_until INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_of_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (idle_until);

-- Secrets that rotation has replaced: whoever shows one has a copy, and the session ends.
CREATE TABLE spent_secrets (
    secret_hash TEXT NOT NULL PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    spent_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_secrets_of_session ON spent_secrets (session_id);

-- Units that belong to somebody. One key is one unit.
CREATE TABLE devices (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Thumbprint of the unit's public key (RFC 7638).
    key_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    paired_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_of_user ON devices (user_id, paired_at, id);

-- Pairings under way, one a key. The unit's own code is kept as a hash; the other one is on its screen.
CREATE TABLE pairings (
    device_hash TEXT NOT NULL PRIMARY KEY,
    user_code TEXT NOT NULL UNIQUE,
    key_hash TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    model TEXT NOT NULL,
    version TEXT NOT NULL,
    stage TEXT NOT NULL DEFAULT 'waiting' CHECK (stage IN ('waiting', 'confirm', 'paired', 'denied')),
    -- Who has approved it, and what it became.
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    device_id TEXT,
    interval INTEGER NOT NULL,
    polled_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pairings_by_end ON pairings (expires_at);
CREATE INDEX pairings_of_user ON pairings (user_id);

-- Units that their owner offers to somebody else, who needs the code.
CREATE TABLE transfers (
    device_id TEXT NOT NULL PRIMARY KEY REFERENCES devices (id) ON DELETE CASCADE,
    -- The owner who offers it.
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    code_hash TEXT NOT NULL UNIQUE,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX transfers_of_user ON transfers (user_id);
CREATE INDEX transfers_by_end ON transfers (expires_at);
