//! How SQLite would run every query, and that migrations can be taken back. On the machine that builds.

use rusqlite::Connection;

use super::Query;

/// A database after every migration.
pub fn migrated() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch("PRAGMA foreign_keys = ON").unwrap();
    for (name, text) in scripts("") {
        connection.execute_batch(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    connection
}

/// The SQL files of `migrations/…`, in order.
fn scripts(folder: &str) -> Vec<(String, String)> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "sql"))
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read_to_string(&path).unwrap(),
            )
        })
        .collect();
    found.sort();
    found
}

/// The steps that read a whole table or index, or sort rows that no index has in order.
fn bad_steps(connection: &Connection, sql: &str) -> Vec<String> {
    let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap_or_else(|error| {
        panic!("{sql}: {error}");
    });
    let steps: Vec<String> = statement
        .query_map(rusqlite::params_from_iter(std::iter::repeat_n(1, parameters(sql))), |row| row.get(3))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let is_bad = |step: &String| {
        // A table-valued function reads its own argument, a subquery what its own steps have found.
        step.starts_with("SCAN") && !step.contains("VIRTUAL TABLE") && !step.contains("CONSTANT ROW")
    };
    steps.into_iter().filter(is_bad).collect()
}

/// The highest `?N`.
fn parameters(sql: &str) -> usize {
    let number = |rest: &str| rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    sql.split('?').skip(1).filter_map(number).max().unwrap_or(0)
}

#[test]
fn no_query_reads_a_whole_table() {
    let connection = migrated();
    for Query { name, sql } in super::all() {
        assert_eq!(bad_steps(&connection, sql), [""; 0], "{name}");
    }
}

#[test]
fn a_query_without_an_index_would_be_found() {
    let connection = migrated();
    assert!(!bad_steps(&connection, "SELECT * FROM users WHERE email = ?1").is_empty());
    assert!(!bad_steps(&connection, "SELECT count(*) FROM sessions").is_empty());
    assert!(bad_steps(&connection, "SELECT * FROM users WHERE id = ?1").is_empty());
}

#[test]
fn every_migration_can_be_taken_back() {
    let connection = Connection::open_in_memory().unwrap();
    let schema = |connection: &Connection| -> Vec<String> {
        let mut statement = connection.prepare("SELECT name FROM sqlite_schema ORDER BY name").unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let (forward, back) = (scripts(""), scripts("rollback"));
    let names =
        |scripts: &[(String, String)]| scripts.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
    assert_eq!(names(&forward), names(&back));
    let mut states = vec![schema(&connection)];
    for (_, text) in &forward {
        connection.execute_batch(text).unwrap();
        states.push(schema(&connection));
    }
    for (_, text) in back.iter().rev() {
        states.pop();
        connection.execute_batch(text).unwrap();
        assert_eq!(Some(&schema(&connection)), states.last());
    }
    // And forward again.
    for (_, text) in &forward {
        connection.execute_batch(text).unwrap();
    }
}
