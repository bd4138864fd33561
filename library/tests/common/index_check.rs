//! What must be true of an index of one medium at any time: its counts are what counting finds.

/// Every count beside what counting finds, and the file's own check.
pub fn check(connection: &rusqlite::Connection) {
    let count = |sql: &str| -> i64 { connection.query_row(sql, (), |row| row.get(0)).unwrap() };
    let sound: String = connection.query_row("PRAGMA integrity_check", (), |row| row.get(0)).unwrap();
    assert_eq!(sound, "ok");
    for (column, counted) in [
        ("files", "SELECT count(*) FROM track"),
        ("tracks", "SELECT count(*) FROM track WHERE state = 0"),
        ("albums", "SELECT count(DISTINCT album) FROM track WHERE state = 0"),
        ("artists", "SELECT count(DISTINCT artist) FROM album"),
        ("genres", "SELECT count(DISTINCT genre) FROM track WHERE state = 0"),
        ("composers", "SELECT count(DISTINCT composer) FROM track WHERE state = 0"),
        ("years", "SELECT count(DISTINCT year) FROM album"),
        ("played", "SELECT count(*) FROM track WHERE state = 0 AND plays > 0"),
    ] {
        assert_eq!(count(&format!("SELECT {column} FROM medium")), count(counted), "{column}");
    }
    for wrong in [
        "SELECT count(*) FROM album WHERE tracks != (SELECT count(*) FROM track WHERE album = album.id AND state = 0)",
        "SELECT count(*) FROM album WHERE year IS NOT (SELECT max(year) FROM track WHERE album = album.id AND state = 0)",
        "SELECT count(*) FROM name WHERE albums != (SELECT count(*) FROM credit WHERE name = name.id) OR albums = 0",
        "SELECT count(*) FROM name WHERE own != (SELECT count(*) FROM album WHERE artist = name.id)",
        "SELECT count(*) FROM name WHERE tracks != (SELECT sum(counted) FROM credit WHERE name = name.id)",
        "SELECT count(*) FROM name WHERE kind = 0 AND tracks != (SELECT count(*) FROM track LEFT JOIN album ON \
         album.id = track.album WHERE state = 0 AND (track.artist = name.id OR album.artist = name.id))",
        "SELECT count(*) FROM name WHERE kind = 1 AND tracks != (SELECT count(*) FROM track WHERE genre = name.id)",
        "SELECT count(*) FROM name WHERE kind = 2 AND tracks != (SELECT count(*) FROM track WHERE composer = name.id)",
        "SELECT count(*) FROM name WHERE listed != iif(kind = 0, own > 0, albums > 0)",
        "SELECT count(*) FROM year WHERE albums != (SELECT count(*) FROM album WHERE album.year = year.year)",
        "SELECT count(*) FROM year WHERE tracks != (SELECT sum(tracks) FROM album WHERE album.year = year.year)",
        "SELECT count(*) FROM folder WHERE tracks != (SELECT count(*) FROM track WHERE folder = folder.id AND state = 0)",
        "SELECT count(*) FROM folder WHERE folders != (SELECT count(*) FROM folder AS f WHERE f.parent = folder.id AND f.below > 0)",
        "SELECT count(*) FROM folder WHERE below != tracks + (SELECT coalesce(sum(below), 0) FROM folder AS f WHERE f.parent = folder.id)",
        "SELECT count(*) FROM credit WHERE NOT EXISTS (SELECT 1 FROM album WHERE id = credit.album)",
    ] {
        assert_eq!(count(wrong), 0, "{wrong}");
    }
}
