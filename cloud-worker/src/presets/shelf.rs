//! An account's presets while they are changed.
//!
//! What is decided on a [`Shelf`] holds only if nobody else has changed the account meanwhile. The database
//! says so: taking the next revisions fails the whole transaction if somebody else has taken some, and then
//! everything is looked at again.

use std::collections::{BTreeMap, BTreeSet};

use protocol::cloud::PresetCategory;
use serde::{Deserialize, Serialize};

use crate::clock::Seconds;
use crate::edge::Problem;
use crate::store::{Db, presets, rows};

/// Most presets of a free account.
pub const FREE_PRESETS: u32 = 10;
/// Most presets of an account with a plan.
pub const PLUS_PRESETS: u32 = 500;
/// Most presets kept, those that were deleted of late included.
const MOST_KEPT: u32 = 2000;
/// How often to look again. Each time somebody else was quicker.
const TRIES: u32 = 30;
/// What the database says when somebody was.
const LOST: &str = "users.preset_revision";

/// A preset as the database has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Its number in the account.
    pub id: String,
    /// Rises with every change of it.
    pub version: u64,
    /// The account's revision of the last change.
    pub revision: u64,
    /// The account's revision when it was made.
    pub made: u64,
    /// The sound as JSON; none: it was deleted.
    pub sound: Option<String>,
    /// What sort of sound it is.
    pub category: PresetCategory,
    /// Words it is found by, a JSON list.
    pub tags: String,
    /// The number under which everybody sees it.
    pub public_id: Option<String>,
    /// Since when everybody does.
    pub published_at: Option<Seconds>,
    /// Marks of the units' last changes, a JSON list.
    pub taken: String,
    /// When it was made.
    pub created_at: Seconds,
    /// When it was changed.
    pub updated_at: Seconds,
    /// When it was deleted.
    pub deleted_at: Option<Seconds>,
}

impl Row {
    /// A new preset.
    pub fn new(id: &str, sound: String, now: Seconds) -> Self {
        Self {
            id: id.to_owned(),
            version: 1,
            revision: 0,
            made: 0,
            sound: Some(sound),
            category: PresetCategory::Other,
            tags: "[]".to_owned(),
            public_id: None,
            published_at: None,
            taken: "[]".to_owned(),
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// Deletes it: what is left tells units that it is gone.
    pub fn delete(&mut self, now: Seconds) {
        self.sound = None;
        self.deleted_at = Some(now);
        self.public_id = None;
        self.published_at = None;
        "[]".clone_into(&mut self.tags);
    }
}

/// What a change must know of the account.
#[derive(Clone, Debug, Deserialize)]
pub struct Account {
    /// `free` or `plus`.
    pub tier: String,
    /// Of its presets.
    pub revision: u64,
    /// Presets that are there.
    pub live: u32,
    /// Those and the deleted ones.
    pub kept: u32,
}

/// Why there is no room for another preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full(pub &'static str);

impl From<Full> for Problem {
    fn from(full: Full) -> Self {
        Self::Conflict("account_full", full.0)
    }
}

/// Some presets of an account, and what has been changed about them.
#[derive(Debug)]
pub struct Shelf {
    account: Account,
    rows: BTreeMap<String, Row>,
    changed: BTreeSet<String>,
    next: u64,
    /// When this happens.
    pub now: Seconds,
}

impl Shelf {
    /// A shelf of those rows.
    pub fn new(account: Account, rows: Vec<Row>, now: Seconds) -> Self {
        let next = account.revision;
        let rows = rows.into_iter().map(|row| (row.id.clone(), row)).collect();
        Self { account, rows, changed: BTreeSet::new(), next, now }
    }

    /// The preset of that number, deleted or not.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.get(id)
    }

    /// The preset of that number.
    ///
    /// # Errors
    /// 404 if it is deleted or was never there.
    pub fn live(&self, id: &str) -> Result<&Row, Problem> {
        self.row(id).filter(|row| row.sound.is_some()).ok_or(Problem::NotFound)
    }

    /// Whether another preset may be there.
    ///
    /// # Errors
    /// Why not.
    pub fn room(&self) -> Result<(), Full> {
        let (most, why) = match self.account.tier.as_str() {
            "plus" => (PLUS_PRESETS, "An account holds 500 presets."),
            _ => (FREE_PRESETS, "A free account holds 10 presets."),
        };
        if self.account.live >= most {
            return Err(Full(why));
        }
        if self.account.kept >= MOST_KEPT {
            return Err(Full("Too many presets were deleted of late."));
        }
        Ok(())
    }

    /// Puts a preset in its place. The caller has seen to the room.
    pub fn put(&mut self, mut row: Row) {
        self.next += 1;
        row.revision = self.next;
        row.updated_at = self.now;
        let before = self.rows.get(&row.id);
        if before.is_none() {
            row.made = self.next;
            self.account.kept += 1;
        }
        let was = before.is_some_and(|row| row.sound.is_some());
        match (was, row.sound.is_some()) {
            (false, true) => self.account.live += 1,
            (true, false) => self.account.live = self.account.live.saturating_sub(1),
            _ => {}
        }
        self.changed.insert(row.id.clone());
        self.rows.insert(row.id.clone(), row);
    }

    /// The account's revision with the changes.
    pub fn revision(&self) -> u64 {
        self.next
    }

    /// Whether anything was changed.
    pub fn is_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    async fn load(db: &Db, user: &str, ids: &str, now: Seconds) -> Result<Self, Problem> {
        let values = [user.into(), ids.into()];
        let asked = [(presets::PRESET_ACCOUNT, &values[..1]), (presets::PRESET_ROWS, &values[..])];
        let results = db.batch(&asked).await?;
        let [account, found] = &*results else { return Err(Problem::internal("not two answers")) };
        let account: Option<Account> = rows(presets::PRESET_ACCOUNT, account)?.into_iter().next();
        let account = account.ok_or(Problem::Unauthorized("signed_out"))?;
        Ok(Self::new(account, rows(presets::PRESET_ROWS, found)?, now))
    }

    /// Writes the changes; false if somebody else was quicker.
    async fn save(&self, db: &Db, user: &str) -> Result<bool, Problem> {
        if !self.is_changed() {
            return Ok(true);
        }
        let changed: Vec<&Row> = self.changed.iter().filter_map(|id| self.rows.get(id)).collect();
        let changed =
            serde_json::to_string(&changed).map_err(|error| Problem::internal(error.to_string()))?;
        let integer = |number: u64| i64::try_from(number).unwrap_or(i64::MAX).into();
        let claim = [user.into(), integer(self.account.revision), integer(self.next)];
        let write = [user.into(), (&changed).into()];
        match db.batch(&[(presets::CLAIM_REVISIONS, &claim), (presets::SAVE_PRESETS, &write)]).await {
            Ok(_) => Ok(true),
            Err(problem) if problem.cause().is_some_and(|cause| cause.contains(LOST)) => Ok(false),
            Err(problem) => Err(problem),
        }
    }
}

/// Changes presets of `user`: `decide` is given the account and the presets of those `ids`, and is asked again
/// if somebody else was quicker. What it returns comes back with the shelf it was decided on.
///
/// # Errors
/// What `decide` says; 503 if the database does not answer, or others are quicker all the time.
pub async fn change<T>(
    db: &Db,
    user: &str,
    ids: &[&str],
    now: Seconds,
    decide: impl Fn(&mut Shelf) -> Result<T, Problem>,
) -> Result<(T, Shelf), Problem> {
    let ids = serde_json::to_string(ids).map_err(|error| Problem::internal(error.to_string()))?;
    for _ in 0..TRIES {
        let mut shelf = Shelf::load(db, user, &ids, now).await?;
        let outcome = decide(&mut shelf)?;
        if shelf.save(db, user).await? {
            return Ok((outcome, shelf));
        }
    }
    Err(Problem::Unavailable(1, "presets: others were quicker all the time".to_owned()))
}

#[cfg(test)]
impl Shelf {
    /// An empty shelf of a free account.
    pub fn of(live: u32) -> Self {
        Self::new(Account { tier: "free".into(), revision: 7, live, kept: live }, Vec::new(), 1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tier_has_its_room() {
        assert!(Shelf::of(FREE_PRESETS - 1).room().is_ok());
        assert!(Shelf::of(FREE_PRESETS).room().is_err());
        let mut shelf = Shelf::of(PLUS_PRESETS - 1);
        shelf.account.tier = "plus".into();
        assert!(shelf.room().is_ok());
        shelf.account.kept = MOST_KEPT;
        assert!(shelf.room().is_err());
    }

    #[test]
    fn every_change_has_a_revision_of_its_own_and_the_room_is_counted() {
        let mut shelf = Shelf::of(8);
        shelf.put(Row::new("a", "{}".into(), 1));
        shelf.put(Row::new("b", "{}".into(), 1));
        assert!(shelf.room().is_err());
        let mut row = shelf.row("a").unwrap().clone();
        row.delete(5);
        shelf.put(row);
        assert!(shelf.room().is_ok());
        assert!(shelf.live("a").is_err() && shelf.live("b").is_ok());
        assert_eq!((shelf.row("a").unwrap().revision, shelf.row("b").unwrap().revision), (10, 9));
        assert_eq!((shelf.row("a").unwrap().made, shelf.revision()), (8, 10));
    }
}
