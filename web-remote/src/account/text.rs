//! Every text of the account's pages, in one place, for translation.

pub const STEREOS: &str = "Your stereos";
pub const STEREOS_SHORT: &str = "Stereos";
pub const SOUNDS: &str = "Sounds";
pub const ME: &str = "Account";
pub const LOST_WHY: &str = "Nothing is at this address.";
pub const GO_HOME: &str = "Go to your stereos";
pub const AWAY: &str = "The cloud does not answer. Are you online?";
pub const AWAY_TITLE: &str = "No connection";
pub const AGAIN: &str = "Try again";
pub const NOT_FOUND: &str = "It is not there any more.";
pub const STALE: &str = "It was changed elsewhere. Here is how it is now.";
pub const SIGNED_OUT: &str = "You are signed out.";
pub const JUST_NOW: &str = "just now";
pub const SOME_BROWSER: &str = "A browser";
pub const MORE: &str = "Show more";

pub const SIGN_IN: &str = "Sign in";
pub const SIGN_IN_WHY: &str = "To control your stereos from anywhere and to have your sounds on each of them. Music never leaves your stereo, and it plays without an account.";
pub const NO_PROVIDERS: &str = "Nobody to sign in with is set up here.";
pub const WELCOME_BACK: &str = "You are signed in.";
pub const GO_ON: &str = "Go on";

pub const ADD: &str = "Add a stereo";
pub const NO_STEREOS: &str = "No stereo yet";
pub const NO_STEREOS_WHY: &str =
    "On the stereo, open Account and choose Pair. It shows a code, which you type here.";
pub const ONLINE: &str = "Online";
pub const OFFLINE: &str = "Offline";
pub const UNCLEAR: &str = "Not known whether it is online";
pub const ACTIONS: &str = "More actions";
pub const RENAME: &str = "Rename";
pub const NAME: &str = "Name";
pub const UNPAIR: &str = "Unpair";
pub const UNPAIR_WHY: &str = "It leaves this account at once. Its music, settings and sounds stay on it. To come back it is paired anew.";
pub const UNPAIRED: &str = "Unpaired.";
pub const GIVE: &str = "Give to somebody else";
pub const GIVE_WHY: &str = "Tell them this code, or send them the link. Once they take it, the stereo is theirs and leaves your account.";
pub const GIVE_ENDS: &str = "The code holds for 10 minutes.";
pub const TAKE_BACK: &str = "Take the code back";
pub const TAKEN_BACK: &str = "The code no longer holds.";

pub const CODE: &str = "Code on the stereo's screen";
pub const CODE_WHY: &str = "On the stereo, open Account and choose Pair.";
pub const CODE_SHAPE: &str = "The code has eight letters, such as BCDF-GHJK.";
pub const FIND: &str = "Find the stereo";
pub const FINDING: &str = "Looking for it…";
pub const NO_SUCH_CODE: &str = "No stereo shows this code. Look again: it changes every five minutes.";
pub const IS_IT: &str = "Is this the stereo?";
pub const IS_IT_WHY: &str = "Pair only a stereo you can see.";
pub const YES_PAIR: &str = "Yes, pair it";
pub const NO_OTHER: &str = "No, another code";
pub const PRESS: &str = "Press the knob on the stereo";
pub const PRESS_WHY: &str = "Its screen shows your name and asks. This page goes on by itself.";
pub const PAIRED: &str = "It is yours";
pub const DENIED: &str = "The stereo said no";
pub const DENIED_WHY: &str = "Somebody refused at its screen.";
pub const EXPIRED: &str = "The code has ended";
pub const EXPIRED_WHY: &str = "The stereo shows a new one when Pair is chosen again.";
pub const NEW_CODE: &str = "Type another code";
pub const OPEN_REMOTE: &str = "Open its remote";
pub const MODEL: &str = "Model";
pub const VERSION: &str = "Version";

pub const TAKE: &str = "Take over a stereo";
pub const TAKE_CODE: &str = "Code you were given";
pub const TAKE_WHY: &str = "Its owner gives it away under More actions.";
pub const TAKE_IT: &str = "Take it";
pub const TAKE_FROM: &str = "From";
pub const NO_SUCH_OFFER: &str = "This code does not hold. Codes end after 10 minutes.";

pub const OWN: &str = "Yours";
pub const FAVOURITES: &str = "Favourites";
pub const PUBLIC: &str = "Everybody's";
pub const WHICH_SOUNDS: &str = "Which sounds";
pub const NO_SOUNDS: &str = "No sounds yet";
pub const NO_SOUNDS_WHY: &str =
    "A sound you save on a stereo, at its screen or with its remote, comes here and to your other stereos.";
pub const NO_FAVOURITES: &str = "No favourites yet";
pub const NO_FAVOURITES_WHY: &str = "The heart on somebody's sound puts it here.";
pub const NO_PUBLIC: &str = "No such sounds";
pub const NO_PUBLIC_WHY: &str = "Nobody shows a sound of this category with this tag.";
pub const FAVOURITE: &str = "Favourite";
pub const EDIT: &str = "Edit";
pub const EDIT_SOUND: &str = "Edit sound";
pub const CATEGORY: &str = "Category";
pub const ALL: &str = "All";
pub const TAGS: &str = "Tags, with commas between them";
pub const TAG: &str = "Tag";
pub const SHOW: &str = "Show";
pub const IS_PUBLIC: &str = "Everybody may see and use it";
pub const IS_PUBLIC_WHY: &str = "Your name is not shown.";
pub const PUBLIC_MARK: &str = "Public";
pub const COPY: &str = "Add to mine";
pub const COPIED: &str = "Added to your sounds.";
pub const DELETE_SOUND_WHY: &str = "It goes from your stereos too. What plays keeps its sound.";
pub const DELETED: &str = "Deleted.";
pub const SAVED: &str = "Saved.";
pub const FULL: &str = "Your account holds no more sounds. Delete one first.";

pub const WAYS: &str = "Ways to sign in";
pub const ADD_WAY: &str = "Add a way to sign in";
pub const REMOVE: &str = "Remove";
pub const REMOVE_WAY_WHY: &str = "You can no longer sign in with it.";
pub const ONLY_WAY: &str = "The only way: it cannot be removed.";
pub const SESSIONS: &str = "Signed in at";
pub const THIS_BROWSER: &str = "This browser";
pub const END: &str = "Sign out";
pub const END_WHY: &str = "That browser needs to sign in again.";
pub const USAGE: &str = "Use in the last 30 days";
pub const USAGE_NONE: &str =
    "Nothing. Stereos tell only if their owner turns it on at their screen, and then counts, never music.";
pub const YOUR_DATA: &str = "Your data";
pub const EXPORT: &str = "Download everything";
pub const EXPORT_WHY: &str = "All that is kept of you, as a file.";
pub const SIGN_OUT: &str = "Sign out here";
pub const DELETE_ACCOUNT: &str = "Delete the account";
pub const DELETE_ACCOUNT_WHY: &str = "Your stereos are unpaired and go on playing; your sounds stay on them and go from here. It cannot be taken back.";
pub const DELETE_WORDS: &str = "delete my account";
pub const ACCOUNT_DELETED: &str = "Your account is deleted.";
pub const LOOK: &str = "Look of these pages and of the remote";
pub const FREE: &str = "Free";
pub const PLUS: &str = "Plus";

/// What a sign-in that came to nothing says, by its code.
pub fn sign_in_error(code: &str) -> String {
    match code {
        "" => "",
        "declined" => "The provider did not sign you in.",
        "state" => "That took too long, or was begun in another browser. Try again.",
        "identity_taken" => "That identity belongs to another account.",
        "too_many_requests" => "Too many tries. Wait some minutes.",
        "unavailable" => "The provider does not answer. Try again later.",
        _ => "Signing in did not work. Try again.",
    }
    .to_owned()
}

pub fn wait(seconds: u32) -> String {
    match seconds {
        0..=90 => format!("Too many tries. Wait {seconds} seconds."),
        _ => format!("Too many tries. Wait {} minutes.", seconds.div_ceil(60)),
    }
}

pub fn sign_in_with(provider: &str) -> String {
    format!("Sign in with {provider}")
}

pub fn seen(ago: &str) -> String {
    format!("{OFFLINE}, last seen {ago}")
}

pub fn actions_of(name: &str) -> String {
    format!("{ACTIONS}: {name}")
}

pub fn unpair(name: &str) -> String {
    format!("Unpair “{name}”?")
}

pub fn of_limit(count: usize, limit: u32) -> String {
    format!("{count} of {limit}")
}

pub fn favourites(count: u32) -> String {
    match count {
        0 => String::new(),
        1 => "1 favourite".into(),
        _ => format!("{count} favourites"),
    }
}

pub fn type_words(words: &str) -> String {
    format!("Type “{words}” to go on")
}

pub fn remove_way(name: &str) -> String {
    format!("Remove “{name}”?")
}

pub fn signed_in(ago: &str) -> String {
    format!("Signed in {ago}")
}

pub fn last_used(ago: &str) -> String {
    format!("Last used {ago}")
}

pub fn code_ends(seconds: u32) -> String {
    format!("The code ends in {}:{:02}", seconds / 60, seconds % 60)
}
