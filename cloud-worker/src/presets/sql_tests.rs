//! What the queries and triggers of presets do, in SQLite itself.

use protocol::SoundPreset;
use rusqlite::{Connection, params};

use super::merge::written;
use super::shelf::Row;
use super::{Preset, PublicPreset};
use crate::store::plans::migrated;
use crate::store::{presets, public_presets};

fn users(connection: &Connection, names: &[&str]) {
    for name in names {
        connection
            .execute("INSERT INTO users (id, name, created_at) VALUES (?1, ?1, 1)", params![name])
            .unwrap();
    }
}

/// Saves a row as [`super::shelf`] does.
fn save(connection: &Connection, user: &str, row: &Row) -> rusqlite::Result<usize> {
    let before: i64 =
        connection.query_row(presets::PRESET_REVISION.sql, params![user], |row| row.get(0)).unwrap();
    connection.execute(presets::CLAIM_REVISIONS.sql, params![user, before, before + 1])?;
    let row = Row { revision: before as u64 + 1, made: row.made.max(before as u64 + 1), ..row.clone() };
    connection.execute(presets::SAVE_PRESETS.sql, params![user, serde_json::to_string(&[row]).unwrap()])
}

fn public(id: &str, public_id: &str, at: i64) -> Row {
    let mut row = Row::new(id, written(&SoundPreset::flat()), at);
    row.public_id = Some(public_id.to_owned());
    row.published_at = Some(at);
    row.tags = r#"["a","b"]"#.to_owned();
    row
}

fn generation(connection: &Connection) -> i64 {
    connection.query_row(public_presets::GENERATION.sql, [], |row| row.get(0)).unwrap()
}

fn count(connection: &Connection, table: &str) -> i64 {
    connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn rows_are_the_json_that_is_described() {
    let connection = migrated();
    users(&connection, &["u"]);
    let mut row = public("p", "P", 5);
    row.sound = Some(written(&SoundPreset { name: "\"it's\" \\ \u{e9}".into(), ..SoundPreset::flat() }));
    save(&connection, "u", &row).unwrap();
    let json: String = connection
        .query_row(presets::LIST_PRESETS.sql, params!["u", i64::MAX >> 10, 10], |row| row.get("json"))
        .unwrap();
    let preset: Preset = serde_json::from_str(&json).unwrap();
    assert_eq!((preset.sound.name.as_str(), preset.version), ("\"it's\" \\ \u{e9}", 1));
    assert_eq!((preset.tags, preset.public_id), (vec!["a".into(), "b".into()], Some("P".into())));
    let one: String =
        connection.query_row(presets::ONE_PRESET.sql, params!["u", "p"], |row| row.get("json")).unwrap();
    assert_eq!(one, json);
    for (query, values) in [
        (public_presets::PUBLIC_PRESETS, vec![]),
        (public_presets::PUBLIC_PRESETS_OF_CATEGORY, vec![Some("other")]),
        (public_presets::PUBLIC_PRESETS_OF_TAG, vec![Some("b"), None]),
        (public_presets::PUBLIC_PRESETS_OF_TAG, vec![Some("b"), Some("other")]),
    ] {
        let mut statement = connection.prepare(query.sql).unwrap();
        let mut all: Vec<&dyn rusqlite::ToSql> = vec![&99, &"", &10];
        all.extend(values.iter().map(|value| value as &dyn rusqlite::ToSql));
        let json: String = statement.query_row(&*all, |row| row.get("json")).unwrap();
        let preset: PublicPreset = serde_json::from_str(&json).unwrap();
        assert_eq!((preset.id.as_str(), preset.published_at), ("P", 5), "{}", query.name);
        assert!(!json.contains("\"p\"") && !json.contains("\"u\""), "{json}");
    }
}

#[test]
fn taken_revisions_fail_the_change() {
    let connection = migrated();
    users(&connection, &["u"]);
    save(&connection, "u", &public("p", "P", 5)).unwrap();
    let error = connection.execute(presets::CLAIM_REVISIONS.sql, params!["u", 0, 1]).unwrap_err().to_string();
    assert!(error.contains("users.preset_revision"), "{error}");
}

#[test]
fn what_everybody_sees_has_another_generation_after_every_change() {
    let connection = migrated();
    users(&connection, &["u", "v"]);
    let mut last = generation(&connection);
    let mut changed = |connection: &Connection, what: &str| {
        let now = generation(connection);
        assert!(now > last, "{what}");
        last = now;
    };
    let mut row = public("p", "P", 5);
    save(&connection, "u", &row).unwrap();
    changed(&connection, "made public");
    row.version = 2;
    row.tags = r#"["c"]"#.to_owned();
    save(&connection, "u", &row).unwrap();
    changed(&connection, "changed");
    assert_eq!(count(&connection, "preset_tags"), 1);
    connection.execute(public_presets::ADD_FAVOURITE.sql, params!["v", "P", 1, 200]).unwrap();
    connection.execute(public_presets::ADD_FAVOURITE.sql, params!["v", "P", 1, 200]).unwrap();
    let favourites = |connection: &Connection| -> i64 {
        connection.query_row("SELECT favourites FROM presets", [], |row| row.get(0)).unwrap()
    };
    assert_eq!(favourites(&connection), 1);
    (row.public_id, row.published_at, row.version) = (None, None, 3);
    save(&connection, "u", &row).unwrap();
    changed(&connection, "taken back");
    assert_eq!((count(&connection, "preset_tags"), count(&connection, "favourites")), (0, 0));
    assert_eq!(favourites(&connection), 0);
    // A change of what nobody sees is nobody's business.
    row.version = 4;
    save(&connection, "u", &row).unwrap();
    assert_eq!(generation(&connection), last);
    (row.public_id, row.published_at, row.version) = (Some("Q".into()), Some(7), 5);
    save(&connection, "u", &row).unwrap();
    last += 1;
    connection.execute("DELETE FROM users WHERE id = 'u'", []).unwrap();
    assert!(generation(&connection) > last, "gone with its account");
    assert_eq!((count(&connection, "presets"), count(&connection, "preset_tags")), (0, 0));
}

#[test]
fn a_fan_that_goes_is_counted_off_and_favourites_have_a_bound() {
    let connection = migrated();
    users(&connection, &["u", "v"]);
    save(&connection, "u", &public("p", "P", 5)).unwrap();
    save(&connection, "u", &public("q", "Q", 6)).unwrap();
    let add =
        |id: &str| connection.execute(public_presets::ADD_FAVOURITE.sql, params!["v", id, 1, 1]).unwrap();
    assert_eq!((add("P"), add("Q"), add("nobody's")), (1, 0, 0));
    connection.execute("DELETE FROM users WHERE id = 'v'", []).unwrap();
    let left: i64 =
        connection.query_row("SELECT sum(favourites) FROM presets", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}
