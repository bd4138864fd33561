//! What the queries of usage do, in SQLite itself.

use rusqlite::{Connection, params};

use crate::store::plans::migrated;
use crate::store::usage;

fn with_user() -> Connection {
    let connection = migrated();
    connection.execute("INSERT INTO users (id, name, created_at) VALUES ('u', 'u', 1)", []).unwrap();
    connection
}

fn write(connection: &Connection, rows: &str) -> usize {
    connection.execute(usage::COUNT_EVENTS.sql, params![rows]).unwrap()
}

fn sums(connection: &Connection) -> Vec<(i64, String, i64)> {
    let mut statement = connection.prepare(usage::USAGE_DAYS.sql).unwrap();
    let rows = statement.query_map(params!["u", 0, 100, None::<String>, 100], |row| {
        Ok((row.get("day")?, row.get("kind")?, row.get("amount")?))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn an_event_is_written_once_and_only_for_somebody() {
    let connection = with_user();
    let rows = r#"[["d","u","1",3,"starts",5],["d","u","2",3,"starts",7],["d","gone","3",3,"starts",1]]"#;
    assert_eq!(write(&connection, rows), 2);
    assert_eq!(write(&connection, rows), 0);
    // Of another unit it is another event.
    assert_eq!(write(&connection, r#"[["e","u","1",3,"starts",5]]"#), 1);
}

#[test]
fn sums_are_the_same_however_often_they_are_made() {
    let connection = with_user();
    write(
        &connection,
        r#"[["d","u","1",3,"starts",5],["d","u","2",3,"starts",7],["d","u","3",4,"underruns",1]]"#,
    );
    let sum = |from: i64, to: i64| connection.execute(usage::SUM_DAYS.sql, params![from, to]).unwrap();
    sum(0, i64::MAX);
    sum(0, i64::MAX);
    let expected = [(3, "starts".to_owned(), 12), (4, "underruns".to_owned(), 1)];
    assert_eq!(sums(&connection), expected);
    // A late event of the day: the whole day is summed up again, the rest is left.
    connection.execute("UPDATE usage_events SET received_at = 100", []).unwrap();
    write(&connection, r#"[["d","u","4",3,"starts",1]]"#);
    sum(101, i64::MAX);
    assert_eq!(sums(&connection)[0].2, 13);
}

#[test]
fn events_are_swept_only_once_they_are_in_the_sums() {
    let connection = with_user();
    write(&connection, r#"[["d","u","1",3,"starts",5]]"#);
    connection.execute("UPDATE usage_events SET received_at = 100", []).unwrap();
    let sweep = || connection.execute(usage::SWEEP_EVENTS.sql, params![1000]).unwrap();
    assert_eq!(sweep(), 0);
    connection.execute(usage::NOTE_COUNTED.sql, params![500]).unwrap();
    connection.execute(usage::NOTE_COUNTED.sql, params![50]).unwrap();
    assert_eq!(sweep(), 1);
}

#[test]
fn a_dead_message_is_recorded_once_and_told_once() {
    let connection = with_user();
    for _ in 0..2 {
        connection.execute(usage::BURY.sql, params!["m", "u", "{}", 10]).unwrap();
    }
    connection.execute(usage::BURY.sql, params!["n", "nobody", "x", 30]).unwrap();
    let untold = |now: i64| -> i64 {
        connection.query_row(usage::UNTOLD.sql, params![now], |row| row.get(0)).unwrap()
    };
    assert_eq!((untold(10), untold(30)), (1, 2));
    connection.execute(usage::TOLD.sql, params![20]).unwrap();
    assert_eq!((untold(20), untold(30)), (0, 1));
    connection.execute("DELETE FROM users", []).unwrap();
    let left: i64 = connection.query_row("SELECT count(*) FROM usage_dead", [], |row| row.get(0)).unwrap();
    assert_eq!(left, 1, "what is nobody's stays");
}
