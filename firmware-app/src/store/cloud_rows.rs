//! The unit's place in the cloud in rows, and what of its use waits to be told.

use protocol::cloud::UsageKind;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::{CloudAccount, Owner, UsageRow};

/// More counts than this are not read: a month makes 150, and what was sent a few more.
const USAGE_READ: i64 = 2000;

pub(super) fn load_cloud(connection: &Connection) -> rusqlite::Result<CloudAccount> {
    let sql = "SELECT seed, server, device_id, owner_name, owner_email, name, account, leaving, wants_usage
               FROM cloud WHERE id = 1";
    let read = |row: &rusqlite::Row<'_>| {
        let device_id: Option<String> = row.get(2)?;
        let (name, email) = (row.get(3)?, row.get(4)?);
        // A seed of another length is none: the unit then becomes another one to the cloud.
        let seed: Option<Vec<u8>> = row.get(0)?;
        Ok(CloudAccount {
            seed: seed.and_then(|seed| seed.try_into().ok()),
            server: row.get(1)?,
            owner: device_id.map(|device_id| Owner { device_id, name, email }),
            name: row.get(5)?,
            account: row.get(6)?,
            leaving: row.get(7)?,
            wants_usage: row.get(8)?,
        })
    };
    let cloud: CloudAccount = connection.query_row(sql, (), read).optional()?.unwrap_or_default();
    // Without its key nobody would believe that it is the unit they know.
    let owner = cloud.owner.clone().filter(|_| cloud.seed.is_some());
    Ok(CloudAccount { owner, ..cloud })
}

pub(super) fn write_cloud(transaction: &Transaction<'_>, cloud: &CloudAccount) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO cloud
                   (id, seed, server, device_id, owner_name, owner_email, name, account, leaving, wants_usage)
               VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let owner = cloud.owner.as_ref();
    let row = params![
        cloud.seed.as_ref().map(|seed| &seed[..]),
        cloud.server,
        owner.map(|owner| &owner.device_id),
        owner.map_or("", |owner| owner.name.as_str()),
        owner.and_then(|owner| owner.email.as_ref()),
        cloud.name,
        cloud.account,
        cloud.leaving,
        cloud.wants_usage,
    ];
    transaction.execute(sql, row).map(drop)
}

pub(super) fn load_usage(connection: &Connection) -> rusqlite::Result<Vec<UsageRow>> {
    let sql = "SELECT id, day, kind, amount, sealed FROM usage_event ORDER BY day, id LIMIT ?1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([USAGE_READ])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (Ok(id), Ok(day), Ok(kind), Ok(amount), Ok(sealed)) = (
            row.get::<_, String>(0),
            row.get::<_, u32>(1),
            row.get::<_, String>(2),
            row.get::<_, u32>(3),
            row.get::<_, bool>(4),
        ) else {
            continue;
        };
        if let Some(kind) = UsageKind::ALL.into_iter().find(|known| known.name() == kind) {
            found.push(UsageRow { id, day, kind, amount, sealed });
        }
    }
    Ok(found)
}

pub(super) fn write_usage(transaction: &Transaction<'_>, rows: &[UsageRow]) -> rusqlite::Result<()> {
    transaction.execute("DELETE FROM usage_event", ())?;
    let sql = "INSERT INTO usage_event (id, day, kind, amount, sealed) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = transaction.prepare_cached(sql)?;
    for row in rows {
        insert.execute(params![row.id, row.day, row.kind.name(), row.amount, row.sealed])?;
    }
    Ok(())
}
