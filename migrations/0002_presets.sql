-- Presets that follow their owner, and those that everybody may see.

-- Rises with every change of one of the user's presets. What changes presets first takes the next revisions
-- here; it fails if somebody else has taken them since it looked.
ALTER TABLE users ADD COLUMN preset_revision INTEGER NOT NULL DEFAULT 0 CHECK (preset_revision >= 0);

CREATE TABLE presets (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- Chosen by who made the preset: unique within the account only.
    id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    -- The account's revision of the last change, and of the making.
    revision INTEGER NOT NULL,
    made INTEGER NOT NULL,
    -- The sound as JSON; none once the preset is deleted.
    sound TEXT CHECK ((sound IS NULL) = (deleted_at IS NOT NULL)),
    category TEXT NOT NULL CHECK (category IN ('music', 'car', 'speech', 'other')),
    -- A JSON list of texts.
    tags TEXT NOT NULL DEFAULT '[]',
    -- The number under which everybody sees it, while it is public.
    public_id TEXT UNIQUE CHECK (public_id IS NULL OR deleted_at IS NULL),
    published_at INTEGER CHECK ((published_at IS NULL) = (public_id IS NULL)),
    favourites INTEGER NOT NULL DEFAULT 0,
    -- Digests of the units' last changes, as a JSON list: one that comes again is known.
    taken TEXT NOT NULL DEFAULT '[]',
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER,
    PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX presets_by_revision ON presets (user_id, revision);
CREATE UNIQUE INDEX presets_of_user ON presets (user_id, made) WHERE deleted_at IS NULL;
CREATE INDEX presets_deleted ON presets (deleted_at) WHERE deleted_at IS NOT NULL;
CREATE INDEX presets_public ON presets (published_at, public_id) WHERE public_id IS NOT NULL;
CREATE INDEX presets_public_by_category ON presets (category, published_at, public_id)
    WHERE public_id IS NOT NULL;

-- Tags of public presets, for looking them up.
CREATE TABLE preset_tags (
    tag TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    public_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    preset_id TEXT NOT NULL,
    PRIMARY KEY (tag, published_at, public_id),
    FOREIGN KEY (user_id, preset_id) REFERENCES presets (user_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX preset_tags_of_preset ON preset_tags (user_id, preset_id);

CREATE TABLE favourites (
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    owner_id TEXT NOT NULL,
    preset_id TEXT NOT NULL,
    added_at INTEGER NOT NULL,
    PRIMARY KEY (user_id, owner_id, preset_id),
    FOREIGN KEY (owner_id, preset_id) REFERENCES presets (user_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX favourites_of_preset ON favourites (owner_id, preset_id);

-- One row: rises whenever what everybody sees has changed. Caches name what they keep after it.
CREATE TABLE public_presets (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    generation INTEGER NOT NULL
) STRICT;
INSERT INTO public_presets (one, generation) VALUES (1, 1);

-- Whatever makes a preset public, changes it or takes it back, also by cascade, is seen by everybody.
CREATE TRIGGER presets_published AFTER INSERT ON presets WHEN NEW.public_id IS NOT NULL
BEGIN
    UPDATE public_presets SET generation = generation + 1 WHERE one = 1;
    INSERT INTO preset_tags (tag, published_at, public_id, user_id, preset_id)
        SELECT value, NEW.published_at, NEW.public_id, NEW.user_id, NEW.id FROM json_each(NEW.tags);
END;
CREATE TRIGGER presets_changed AFTER UPDATE OF version, public_id ON presets
    WHEN OLD.public_id IS NOT NULL OR NEW.public_id IS NOT NULL
BEGIN
    UPDATE public_presets SET generation = generation + 1 WHERE one = 1;
    DELETE FROM preset_tags WHERE user_id = NEW.user_id AND preset_id = NEW.id;
    INSERT INTO preset_tags (tag, published_at, public_id, user_id, preset_id)
        SELECT value, NEW.published_at, NEW.public_id, NEW.user_id, NEW.id FROM json_each(NEW.tags)
        WHERE NEW.public_id IS NOT NULL;
    DELETE FROM favourites WHERE owner_id = NEW.user_id AND preset_id = NEW.id AND NEW.public_id IS NULL;
END;
CREATE TRIGGER presets_removed AFTER DELETE ON presets WHEN OLD.public_id IS NOT NULL
BEGIN
    UPDATE public_presets SET generation = generation + 1 WHERE one = 1;
END;
CREATE TRIGGER favourites_added AFTER INSERT ON favourites
BEGIN
    UPDATE presets SET favourites = favourites + 1 WHERE user_id = NEW.owner_id AND id = NEW.preset_id;
END;
CREATE TRIGGER favourites_removed AFTER DELETE ON favourites
BEGIN
    UPDATE presets SET favourites = favourites - 1 WHERE user_id = OLD.owner_id AND id = OLD.preset_id;
END;
