-- Takes back 0002_presets.sql, with everything in it.
DROP TABLE favourites;
DROP TABLE preset_tags;
DROP TABLE presets;
DROP TABLE public_presets;
ALTER TABLE users DROP COLUMN preset_revision;
