//! Presets that everybody sees, and favourites among them.

queries! {
    /// How often what everybody sees has changed.
    GENERATION = "SELECT generation FROM public_presets WHERE one = 1";
    /// Public presets, the last published first, from a place on. ?1, ?2: the place, ?3: most.
    PUBLIC_PRESETS = "SELECT published_at, public_id, json_object('id', public_id, 'sound', json(sound), \
        'category', category, 'tags', json(tags), 'favourites', favourites, 'published_at', published_at) \
        AS json FROM presets WHERE public_id IS NOT NULL AND (published_at, public_id) < (?1, ?2) \
        ORDER BY published_at DESC, public_id DESC LIMIT ?3";
    /// The same of a category, ?4.
    PUBLIC_PRESETS_OF_CATEGORY = "SELECT published_at, public_id, json_object('id', public_id, \
        'sound', json(sound), 'category', category, 'tags', json(tags), 'favourites', favourites, \
        'published_at', published_at) AS json FROM presets WHERE public_id IS NOT NULL AND category = ?4 \
        AND (published_at, public_id) < (?1, ?2) ORDER BY published_at DESC, public_id DESC LIMIT ?3";
    /// The same with a tag, ?4, of a category, ?5, if that is given.
    PUBLIC_PRESETS_OF_TAG = "SELECT tags.published_at, tags.public_id, json_object('id', tags.public_id, \
        'sound', json(sound), 'category', category, 'tags', json(presets.tags), 'favourites', favourites, \
        'published_at', tags.published_at) AS json FROM preset_tags AS tags CROSS JOIN presets \
        ON presets.user_id = tags.user_id AND presets.id = tags.preset_id \
        WHERE tags.tag = ?4 AND (tags.published_at, tags.public_id) < (?1, ?2) \
        AND (?5 IS NULL OR category = ?5) ORDER BY tags.published_at DESC, tags.public_id DESC LIMIT ?3";
    /// Adds a favourite. ?1: user, ?2: public id, ?3: now, ?4: most of one user.
    ADD_FAVOURITE = "INSERT INTO favourites (user_id, owner_id, preset_id, added_at) \
        SELECT ?1, user_id, id, ?3 FROM presets WHERE public_id = ?2 \
        AND (SELECT count(*) FROM favourites WHERE user_id = ?1) < ?4 ON CONFLICT DO NOTHING";
    /// Whether a public preset is there, and whether it is somebody's favourite. ?1: user, ?2: public id.
    FAVOURITE = "SELECT EXISTS (SELECT 1 FROM favourites WHERE favourites.user_id = ?1 \
        AND owner_id = presets.user_id AND preset_id = presets.id) AS mine FROM presets WHERE public_id = ?2";
    /// Takes a favourite off. ?1: user, ?2: public id.
    REMOVE_FAVOURITE = "DELETE FROM favourites WHERE user_id = ?1 \
        AND (owner_id, preset_id) IN (SELECT user_id, id FROM presets WHERE public_id = ?2)";
    /// Somebody's favourites, each as JSON. ?1: user.
    FAVOURITES = "SELECT added_at, json_object('id', public_id, 'sound', json(sound), 'category', category, \
        'tags', json(tags), 'favourites', presets.favourites, 'published_at', published_at) AS json \
        FROM favourites CROSS JOIN presets ON presets.user_id = owner_id AND presets.id = preset_id \
        WHERE favourites.user_id = ?1 AND public_id IS NOT NULL";
    /// The same for an export. ?1: user.
    EXPORT_FAVOURITES = "SELECT public_id, favourites.added_at FROM favourites CROSS JOIN presets \
        ON presets.user_id = owner_id AND presets.id = preset_id WHERE favourites.user_id = ?1";
}
