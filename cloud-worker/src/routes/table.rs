//! The table itself, by area.

use protocol::cloud::{
    PairApproved, PairConfirm, PairFound, PairLookup, PairPoll, PairStart, PairStarted, PairState,
    PresetSync, PresetSynced, UsageBatch, UsageTaken,
};

use super::{Auth, Rate, Route, shape};
use crate::auth::{self, session};
use crate::devices::{self, own, transfer};
use crate::edge::Method;
use crate::{features, health, pairing, people, presets, usage};

/// A handler for the table.
macro_rules! to {
    ($($handler:tt)+) => {
        |call| Box::pin($($handler)+(call))
    };
}

/// Sign-ins of one address: a household, not a machine that guesses.
const SIGN_IN: Rate = Rate::Exact(60, 600);
/// Pairings that are begun at one address.
const PAIR: Rate = Rate::Exact(30, 600);
/// Renewals of one address.
const RENEW: Rate = Rate::Exact(300, 600);

/// Bytes of a preset with everything a page may say of it, and room.
const PRESET: usize = 16 * 1024;
/// Bytes of a unit's presets: 100 of 31 bands each, and room.
const SYNC: usize = 512 * 1024;
/// Bytes of a batch of use: 500 events of about 100 bytes each, and room.
const USAGE: usize = 96 * 1024;

/// Every route, by area.
pub static ROUTES: &[Route] = &[
    Route::new(Method::Get, "/api/health", "health", "Whether the worker answers", to!(health::health))
        .rate(Rate::Open)
        .gives(200, Some(shape::<health::Health>)),
    Route::new(Method::Get, "/api/openapi.json", "description", "This description", to!(health::description))
        .gives(200, Some(shape::<serde_json::Value>)),
    // Signing in
    Route::new(
        Method::Get,
        "/api/auth/providers",
        "providers",
        "Who one may sign in with",
        to!(auth::providers),
    )
    .gives(200, Some(shape::<auth::ProviderList>)),
    Route::new(Method::Get, "/api/auth/login/{provider}", "login", "Goes to the provider", to!(auth::login))
        .rate(SIGN_IN)
        .gives(303, None),
    Route::new(
        Method::Get,
        "/api/auth/callback/{provider}",
        "callback",
        "The provider's answer",
        to!(auth::callback),
    )
    .rate(SIGN_IN)
    .gives(303, None),
    Route::new(
        Method::Post,
        "/api/auth/refresh",
        "refresh",
        "Renews the access token",
        to!(session::refresh),
    )
    .rate(RENEW)
    .gives(200, Some(shape::<session::Renewed>)),
    Route::new(Method::Post, "/api/auth/logout", "logout", "Ends this session", to!(session::logout)),
    Route::new(
        Method::Delete,
        "/api/auth/sessions/{id}",
        "endSession",
        "Ends one of one's sessions",
        to!(session::end),
    )
    .auth(Auth::Session),
    Route::new(
        Method::Post,
        "/api/auth/link/{provider}",
        "link",
        "Begins to add an identity",
        to!(auth::link),
    )
    .auth(Auth::Session)
    .rate(SIGN_IN)
    .gives(200, Some(shape::<auth::Link>)),
    Route::new(
        Method::Delete,
        "/api/auth/identities/{id}",
        "unlink",
        "Takes an identity off",
        to!(auth::unlink),
    )
    .auth(Auth::Session),
    // The account
    Route::new(Method::Get, "/api/auth/user", "user", "Who is signed in", to!(people::user))
        .auth(Auth::Access)
        .gives(200, Some(shape::<people::User>)),
    Route::new(Method::Get, "/api/auth/export", "export", "Everything kept of somebody", to!(people::export))
        .auth(Auth::Session)
        .gives(200, Some(shape::<people::Export>)),
    Route::new(Method::Delete, "/api/auth/account", "deleteAccount", "Ends the account", to!(people::delete))
        .auth(Auth::Session)
        .takes(1024, shape::<people::Farewell>),
    // Pairing
    Route::new(Method::Post, "/api/pair/start", "pairStart", "A unit asks for codes", to!(pairing::start))
        .auth(Auth::Device)
        .rate(PAIR)
        .takes(1024, shape::<PairStart>)
        .gives(200, Some(shape::<PairStarted>)),
    Route::new(
        Method::Post,
        "/api/pair/poll",
        "pairPoll",
        "How a pairing stands, for the unit",
        to!(pairing::poll),
    )
    .auth(Auth::Device)
    .takes(1024, shape::<PairPoll>)
    .gives(200, Some(shape::<PairState>)),
    Route::new(
        Method::Post,
        "/api/pair/confirm",
        "pairConfirm",
        "The press on the unit",
        to!(pairing::confirm),
    )
    .auth(Auth::Device)
    .takes(1024, shape::<PairConfirm>)
    .gives(200, Some(shape::<PairState>)),
    Route::new(
        Method::Post,
        "/api/pair/lookup",
        "pairLookup",
        "Which unit shows a code",
        to!(pairing::lookup),
    )
    .auth(Auth::Access)
    .takes(1024, shape::<PairLookup>)
    .gives(200, Some(shape::<PairFound>)),
    Route::new(
        Method::Post,
        "/api/pair/approve",
        "pairApprove",
        "Asks the unit for a press",
        to!(pairing::approve),
    )
    .auth(Auth::Session)
    .takes(1024, shape::<PairLookup>)
    .gives(200, Some(shape::<PairApproved>)),
    // Units, for themselves; before those with a number in their path
    Route::new(Method::Get, "/api/devices/self", "self", "Whose this unit is", to!(own::show))
        .auth(Auth::Device)
        .gives(200, Some(shape::<own::Itself>)),
    Route::new(Method::Delete, "/api/devices/self", "unpairSelf", "Unlinks this unit", to!(own::unpair))
        .auth(Auth::Device),
    Route::new(Method::Get, "/api/devices/link", "deviceLink", "The unit's WebSocket", to!(own::link))
        .auth(Auth::Device)
        .gives(101, None),
    // Units, for their owner
    Route::new(Method::Get, "/api/devices", "devices", "One's units", to!(devices::list))
        .auth(Auth::Access)
        .gives(200, Some(shape::<devices::DeviceList>)),
    Route::new(
        Method::Post,
        "/api/devices/transfer/lookup",
        "transferLookup",
        "What a code offers",
        to!(transfer::lookup),
    )
    .auth(Auth::Access)
    .takes(1024, shape::<transfer::OfferCode>)
    .gives(200, Some(shape::<transfer::Offered>)),
    Route::new(
        Method::Post,
        "/api/devices/transfer/accept",
        "transferAccept",
        "Takes the unit of a code",
        to!(transfer::accept),
    )
    .auth(Auth::Session)
    .takes(1024, shape::<transfer::OfferCode>)
    .gives(200, Some(shape::<transfer::Taken>)),
    Route::new(Method::Patch, "/api/devices/{id}", "renameDevice", "Names a unit", to!(devices::rename))
        .auth(Auth::Access)
        .takes(1024, shape::<devices::NewName>),
    Route::new(Method::Delete, "/api/devices/{id}", "unpairDevice", "Lets a unit go", to!(devices::unpair))
        .auth(Auth::Session),
    Route::new(
        Method::Post,
        "/api/devices/{id}/transfer",
        "offerDevice",
        "Offers a unit to somebody",
        to!(transfer::offer),
    )
    .auth(Auth::Session)
    .gives(200, Some(shape::<transfer::Offer>)),
    Route::new(
        Method::Delete,
        "/api/devices/{id}/transfer",
        "withdrawDevice",
        "Takes an offer back",
        to!(transfer::withdraw),
    )
    .auth(Auth::Session),
    Route::new(
        Method::Post,
        "/api/devices/{id}/ticket",
        "ticket",
        "A ticket for one connection to a unit",
        to!(devices::ticket),
    )
    .auth(Auth::Session)
    .gives(200, Some(shape::<devices::TicketGiven>)),
    Route::new(
        Method::Get,
        "/api/devices/{id}/remote",
        "remote",
        "A remote's WebSocket",
        to!(devices::remote),
    )
    .gives(101, None),
    // Presets
    Route::new(Method::Get, "/api/presets", "presets", "One's presets", to!(presets::list))
        .auth(Auth::Access)
        .queries(&["before", "limit"])
        .gives(200, Some(shape::<presets::PresetList>)),
    Route::new(Method::Post, "/api/presets", "createPreset", "Makes a preset", to!(presets::create))
        .auth(Auth::Access)
        .takes(PRESET, shape::<presets::PresetBody>)
        .gives(201, Some(shape::<presets::Preset>)),
    Route::new(
        Method::Get,
        "/api/presets/public",
        "publicPresets",
        "Everybody's presets",
        to!(presets::public),
    )
    .queries(&["category", "tag", "after", "limit"])
    .gives(200, Some(shape::<presets::PublicPresetList>)),
    Route::new(
        Method::Get,
        "/api/presets/favourites",
        "favourites",
        "Those one likes",
        to!(presets::favourites),
    )
    .auth(Auth::Access)
    .gives(200, Some(shape::<presets::PublicPresetList>)),
    Route::new(Method::Get, "/api/presets/{id}", "preset", "One of one's presets", to!(presets::one))
        .auth(Auth::Access)
        .gives(200, Some(shape::<presets::Preset>)),
    Route::new(Method::Put, "/api/presets/{id}", "replacePreset", "Changes a preset", to!(presets::replace))
        .auth(Auth::Access)
        .takes(PRESET, shape::<presets::PresetBody>)
        .if_match()
        .gives(200, Some(shape::<presets::Preset>)),
    Route::new(Method::Delete, "/api/presets/{id}", "deletePreset", "Deletes a preset", to!(presets::remove))
        .auth(Auth::Access)
        .if_match(),
    Route::new(
        Method::Put,
        "/api/presets/{id}/favourite",
        "addFavourite",
        "Likes a public preset",
        to!(presets::add_favourite),
    )
    .auth(Auth::Access),
    Route::new(
        Method::Delete,
        "/api/presets/{id}/favourite",
        "removeFavourite",
        "Likes it no more",
        to!(presets::remove_favourite),
    )
    .auth(Auth::Access),
    Route::new(
        Method::Post,
        "/api/devices/self/presets",
        "syncPresets",
        "What changed on the unit, and elsewhere",
        to!(presets::sync),
    )
    .auth(Auth::Device)
    .takes(SYNC, shape::<PresetSync>)
    .gives(200, Some(shape::<PresetSynced>)),
    // Use
    Route::new(Method::Post, "/api/usage", "tellUsage", "What a unit tells of its use", to!(usage::take))
        .auth(Auth::Device)
        .takes(USAGE, shape::<UsageBatch>)
        .gives(200, Some(shape::<UsageTaken>)),
    Route::new(Method::Get, "/api/usage", "usage", "The use of one's units", to!(usage::summary))
        .auth(Auth::Access)
        .queries(&["from", "to", "device"])
        .gives(200, Some(shape::<usage::Summary>)),
    Route::new(Method::Get, "/api/features", "features", "What is switched on", to!(features::features))
        .auth(Auth::Access)
        .gives(200, Some(shape::<features::Features>)),
];
