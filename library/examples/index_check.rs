//! Examines an index from outside: `index_check FILE` says in JSON whether it is whole, `index_check FILE --dump`
//! writes what it knows, one line each, without row numbers or times of the day, for comparing two of them.
//!
//! Whole means: SQLite's own check passes, the search words are consistent, and every count that is stored
//! equals the one that is counted.
#![allow(clippy::print_stdout)]

use std::collections::BTreeMap;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};

type Failure = Box<dyn std::error::Error>;

/// A count that is kept, and how many rows of it are wrong.
const KEPT: [(&str, &str); 13] = [
    (
        "medium.files",
        "SELECT count(*) FROM medium m WHERE files <> (SELECT count(*) FROM track WHERE medium = m.id)",
    ),
    (
        "medium.tracks",
        "SELECT count(*) FROM medium m WHERE tracks <> (SELECT count(*) FROM track WHERE medium = m.id AND state = 0)",
    ),
    (
        "medium.albums",
        "SELECT count(*) FROM medium m WHERE albums <> (SELECT count(*) FROM album WHERE medium = m.id)",
    ),
    (
        "medium.artists",
        "SELECT count(*) FROM medium m WHERE artists <>
             (SELECT count(*) FROM name WHERE medium = m.id AND kind = 0 AND listed)",
    ),
    (
        "medium.genres",
        "SELECT count(*) FROM medium m WHERE genres <>
             (SELECT count(*) FROM name WHERE medium = m.id AND kind = 1 AND listed)",
    ),
    (
        "medium.years",
        "SELECT count(*) FROM medium m WHERE years <> (SELECT count(*) FROM year WHERE medium = m.id)",
    ),
    (
        "folder.tracks",
        "SELECT count(*) FROM folder f WHERE tracks <>
             (SELECT count(*) FROM track WHERE folder = f.id AND state = 0)",
    ),
    (
        "folder.below",
        // All paths below `a` lie between `a/` and `a0`, the character after the stroke.
        "SELECT count(*) FROM folder f WHERE below <> tracks
             + (SELECT coalesce(sum(tracks), 0) FROM folder g WHERE f.path <> x'' AND g.medium = f.medium
                 AND g.path > CAST(f.path || '/' AS BLOB) AND g.path < CAST(f.path || '0' AS BLOB))
             + (SELECT coalesce(sum(tracks), 0) FROM folder g
                 WHERE f.path = x'' AND g.medium = f.medium AND g.path <> x'')",
    ),
    (
        "album.tracks",
        "SELECT count(*) FROM album a WHERE tracks <> (SELECT count(*) FROM track WHERE album = a.id AND state = 0)",
    ),
    (
        "year.tracks",
        "SELECT count(*) FROM year y WHERE tracks <>
             (SELECT sum(tracks) FROM album WHERE medium = y.medium AND year = y.year)",
    ),
    (
        "name.albums",
        "SELECT count(*) FROM name n WHERE albums <> (SELECT count(*) FROM credit WHERE name = n.id)",
    ),
    (
        "name.tracks",
        "SELECT count(*) FROM name n WHERE tracks <> (SELECT sum(counted) FROM credit WHERE name = n.id)",
    ),
    (
        "track.names",
        "SELECT count(*) FROM track t WHERE state = 0 AND (album NOT IN (SELECT id FROM album)
             OR folder NOT IN (SELECT id FROM folder) OR artist NOT IN (SELECT id FROM name)
             OR genre NOT IN (SELECT id FROM name) OR composer NOT IN (SELECT id FROM name))",
    ),
];

/// What the index knows, in an order of its own.
const DUMP: [(&str, &str); 6] = [
    ("medium", "SELECT ident, name, files, artists, albums, tracks, genres, composers, years, played FROM medium"),
    ("folder", "SELECT path, tracks, below, folders FROM folder WHERE below > 0"),
    (
        "track",
        "SELECT f.path, t.name, t.state, t.size, t.mtime_ns, t.inode, t.title, t.place, t.year, t.duration_ms,
             t.gain_db, t.tags, t.plays, b.title, a.ident, g.ident, c.ident, o.text
         FROM track t JOIN folder f ON f.id = t.folder LEFT JOIN album b ON b.id = t.album
             LEFT JOIN name a ON a.id = t.artist LEFT JOIN name g ON g.id = t.genre
             LEFT JOIN name c ON c.id = t.composer LEFT JOIN format o ON o.id = t.format",
    ),
    ("name", "SELECT kind, ident, text, sort, listed, own, albums, tracks FROM name"),
    (
        "album",
        "SELECT a.title, a.sort, n.ident, a.year, a.tracks FROM album a LEFT JOIN name n ON n.id = a.artist",
    ),
    ("year", "SELECT year, albums, tracks FROM year"),
];

fn main() -> Result<(), Failure> {
    let mut args = std::env::args_os().skip(1);
    let path = args.next().ok_or("index_check FILE [--dump]")?;
    let dump = args.next().is_some();
    // Writing: a log left by a kill is brought in, and the search words are examined by a command.
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    if dump { print_dump(&connection) } else { print_checks(&connection) }
}

fn print_checks(connection: &Connection) -> Result<(), Failure> {
    let integrity: String = connection.query_row("PRAGMA integrity_check", (), |row| row.get(0))?;
    let mut wrong = BTreeMap::new();
    for (name, sql) in KEPT {
        let rows: i64 = connection.query_row(sql, (), |row| row.get(0))?;
        if rows > 0 {
            wrong.insert(name, rows.to_string());
        }
    }
    for table in ["track_words", "name_words"] {
        let check = format!("INSERT INTO {table}({table}) VALUES ('integrity-check')");
        if let Err(error) = connection.execute_batch(&check) {
            wrong.insert(table, error.to_string());
        }
    }
    let files: i64 = connection.query_row("SELECT count(*) FROM track", (), |row| row.get(0))?;
    println!("{}", serde_json::json!({ "integrity": integrity, "files": files, "wrong": wrong }));
    Ok(())
}

fn print_dump(connection: &Connection) -> Result<(), Failure> {
    for (table, sql) in DUMP {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query(())?;
        let mut lines = Vec::new();
        while let Some(row) = rows.next()? {
            lines.push(line(row)?);
        }
        lines.sort_unstable();
        for line in lines {
            println!("{table}\t{line}");
        }
    }
    Ok(())
}

fn line(row: &Row<'_>) -> Result<String, Failure> {
    let mut fields = Vec::new();
    for column in 0..row.as_ref().column_count() {
        fields.push(match row.get_ref(column)? {
            ValueRef::Null => "-".to_owned(),
            ValueRef::Integer(number) => number.to_string(),
            ValueRef::Real(number) => number.to_string(),
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes.escape_ascii().to_string(),
        });
    }
    Ok(fields.join("\t"))
}
