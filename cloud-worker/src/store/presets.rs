//! Presets of an account.

queries! {
    /// What a change of presets must know of the account. ?1: user.
    PRESET_ACCOUNT = "SELECT tier, preset_revision AS revision, \
        (SELECT count(*) FROM presets WHERE user_id = ?1 AND deleted_at IS NULL) AS live, \
        (SELECT count(*) FROM presets WHERE user_id = ?1) AS kept FROM users WHERE id = ?1";
    /// Some presets, deleted ones too. ?1: user, ?2: their ids, as a JSON list.
    PRESET_ROWS = "SELECT id, version, revision, made, sound, category, tags, public_id, published_at, taken, \
        created_at, updated_at, deleted_at FROM presets \
        WHERE user_id = ?1 AND id IN (SELECT value FROM json_each(?2))";
    /// Takes revisions for a change; fails, and the batch with it, if somebody else has taken some since. ?1:
    /// user, ?2: the revision before, ?3: after.
    CLAIM_REVISIONS = "UPDATE users SET preset_revision = CASE preset_revision WHEN ?2 THEN ?3 END \
        WHERE id = ?1";
    /// Writes presets as they are from now on. ?1: user, ?2: the rows, as a JSON list.
    SAVE_PRESETS = "INSERT INTO presets (user_id, id, version, revision, made, sound, category, tags, \
        public_id, published_at, taken, created_at, updated_at, deleted_at) \
        SELECT ?1, value ->> 'id', value ->> 'version', value ->> 'revision', value ->> 'made', \
        value ->> 'sound', value ->> 'category', value ->> 'tags', value ->> 'public_id', \
        value ->> 'published_at', value ->> 'taken', value ->> 'created_at', value ->> 'updated_at', \
        value ->> 'deleted_at' FROM json_each(?2) WHERE true \
        ON CONFLICT (user_id, id) DO UPDATE SET version = excluded.version, revision = excluded.revision, \
        sound = excluded.sound, category = excluded.category, tags = excluded.tags, \
        public_id = excluded.public_id, published_at = excluded.published_at, taken = excluded.taken, \
        updated_at = excluded.updated_at, deleted_at = excluded.deleted_at";
    /// Presets as their owner sees them, each as JSON, the last made first. ?1: user, ?2: made before, ?3: most.
    LIST_PRESETS = "SELECT made, json_object('id', id, 'version', version, 'sound', json(sound), \
        'category', category, 'tags', json(tags), 'public_id', public_id, 'favourites', favourites, \
        'created_at', created_at, 'updated_at', updated_at) AS json FROM presets \
        WHERE user_id = ?1 AND made < ?2 AND deleted_at IS NULL ORDER BY made DESC LIMIT ?3";
    /// One of them. ?1: user, ?2: id.
    ONE_PRESET = "SELECT version, json_object('id', id, 'version', version, 'sound', json(sound), \
        'category', category, 'tags', json(tags), 'public_id', public_id, 'favourites', favourites, \
        'created_at', created_at, 'updated_at', updated_at) AS json FROM presets \
        WHERE user_id = ?1 AND id = ?2 AND deleted_at IS NULL";
    /// The account's revision. ?1: user.
    PRESET_REVISION = "SELECT preset_revision AS revision FROM users WHERE id = ?1";
    /// What has changed, in order. ?1: user, ?2: after this revision, ?3: most.
    CHANGED_PRESETS = "SELECT id, version, revision, sound FROM presets WHERE user_id = ?1 AND revision > ?2 \
        ORDER BY revision LIMIT ?3";
    /// Deleted presets that every unit has heard of by now. ?1: deleted before.
    SWEEP_DELETED_PRESETS = "DELETE FROM presets WHERE deleted_at IS NOT NULL AND deleted_at < ?1";
    /// Everything of somebody's presets. ?1: user.
    EXPORT_PRESETS = "SELECT id, version, sound, category, tags, public_id, published_at, favourites, \
        created_at, updated_at, deleted_at FROM presets WHERE user_id = ?1";
}
