//! Phones in rows, and the unit's own identity.

use protocol::remote::Role;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{PhoneRow, Phones};

/// More phones than this are not read; the server takes fewer.
const PHONES_READ: i64 = 64;

pub(super) fn load_phones(connection: &Connection) -> rusqlite::Result<Phones> {
    let identity = connection
        .query_row("SELECT unit_id, phones FROM identity WHERE id = 1", (), |row| {
            Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))
        })
        .optional()?;
    let (unit_id, last_id) = identity.unwrap_or_default();
    let sql = "SELECT id, name, role, token_sha256, seen_unix_s FROM phones ORDER BY id LIMIT ?1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([PHONES_READ])?;
    let mut phones = Vec::new();
    while let Some(row) = rows.next()? {
        let (Ok(id), Ok(name), Ok(role), Ok(token), Ok(seen_unix_s)) = (
            row.get::<_, i64>(0),
            row.get::<_, String>(1),
            row.get::<_, String>(2),
            row.get::<_, Vec<u8>>(3),
            row.get::<_, i64>(4),
        ) else {
            continue;
        };
        let (Ok(id), Ok(token_sha256)) = (u64::try_from(id), token.try_into()) else { continue };
        // A role of a newer program is none that this one may grant.
        let role = if role == "owner" { Role::Owner } else { Role::Guest };
        phones.push(PhoneRow { id, name, role, token_sha256, seen_unix_s });
    }
    let highest = phones.iter().map(|phone| phone.id).max().unwrap_or(0);
    Ok(Phones { unit_id, last_id: u64::try_from(last_id).unwrap_or(0).max(highest), phones })
}

pub(super) fn write_phones(transaction: &Transaction<'_>, all: &Phones) -> rusqlite::Result<()> {
    let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
    transaction.execute(
        "INSERT OR REPLACE INTO identity (id, unit_id, phones) VALUES (1, ?1, ?2)",
        params![all.unit_id, number(all.last_id)],
    )?;
    transaction.execute("DELETE FROM phones", ())?;
    let sql = "INSERT INTO phones (id, name, role, token_sha256, seen_unix_s) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = transaction.prepare_cached(sql)?;
    for phone in &all.phones {
        let role = match phone.role {
            Role::Owner => "owner",
            Role::Guest => "guest",
        };
        insert.execute(params![
            number(phone.id),
            phone.name,
            role,
            &phone.token_sha256[..],
            phone.seen_unix_s
        ])?;
    }
    Ok(())
}
