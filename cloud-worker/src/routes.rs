//! The one table of routes. Dispatch, the API's description and the tests all read it.

use std::future::Future;
use std::pin::Pin;

use schemars::{JsonSchema, Schema, SchemaGenerator};

use protocol::cloud::{
    PairApproved, PairConfirm, PairFound, PairLookup, PairPoll, PairStart, PairStarted, PairState,
};

use crate::auth::{self, session};
use crate::devices::{self, own, transfer};
use crate::edge::{Call, Method, Problem, Reply};
use crate::health;
use crate::pairing;
use crate::people;

/// Who a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Anybody.
    None,
    /// Who bears a valid access token; a session ended elsewhere may count for a few seconds more.
    Access,
    /// The same, and the session is looked up: for what cannot be taken back.
    Session,
    /// A unit that signs its request. The handler checks the signature.
    Device,
}

/// How often a caller may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// No limit of ours.
    Open,
    /// Only the outer shield.
    Shield,
    /// The shield, and exactly so many tries in so many seconds from one address. Refused when it cannot be
    /// counted.
    Exact(u32, u32),
}

type Answer = Pin<Box<dyn Future<Output = Result<Reply, Problem>>>>;
/// Makes the JSON Schema of a type.
pub type Shape = fn(&mut SchemaGenerator) -> Schema;

/// One route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path; `{name}` stands for one part of it.
    pub path: &'static str,
    /// Who it answers.
    pub auth: Auth,
    /// How often.
    pub rate: Rate,
    /// Most bytes of its body; 0: it has none.
    pub body: usize,
    /// What it is called in generated clients.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// The body it takes.
    pub takes: Option<Shape>,
    /// Status of its ordinary answer, and the body of it.
    pub gives: (u16, Option<Shape>),
    /// What does it.
    pub handler: fn(Call) -> Answer,
}

impl Route {
    /// A route for anybody, behind the shield, without a body.
    pub const fn new(
        method: Method,
        path: &'static str,
        name: &'static str,
        about: &'static str,
        handler: fn(Call) -> Answer,
    ) -> Self {
        Self {
            method,
            path,
            auth: Auth::None,
            rate: Rate::Shield,
            body: 0,
            name,
            about,
            takes: None,
            gives: (204, None),
            handler,
        }
    }

    const fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    const fn rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }

    const fn takes(mut self, bytes: usize, shape: Shape) -> Self {
        self.body = bytes;
        self.takes = Some(shape);
        self
    }

    const fn gives(mut self, status: u16, shape: Option<Shape>) -> Self {
        self.gives = (status, shape);
        self
    }
}

/// The JSON Schema of `T`, for the table.
fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

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
];

/// What a method and a path lead to.
pub enum Found {
    /// A route, and what stands in the places of its `{…}`.
    Route(&'static Route, Vec<String>),
    /// The path has other methods: these.
    OtherMethods(String),
    /// Nothing.
    Nothing,
}

/// Finds the route. A path part is taken as it is sent: ours need no escapes.
pub fn find(method: &str, path: &str) -> Found {
    let wanted = Method::parse(method);
    let mut params = Vec::new();
    for route in ROUTES {
        if Some(route.method) == wanted && matches(route.path, path, &mut params) {
            return Found::Route(route, params);
        }
    }
    methods(path).map_or(Found::Nothing, Found::OtherMethods)
}

/// The methods of a path, as the `Allow` header lists them; none where there is no such path.
pub fn methods(path: &str) -> Option<String> {
    let names: Vec<&str> = ROUTES
        .iter()
        .filter(|route| matches(route.path, path, &mut Vec::new()))
        .map(|route| route.method.name())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The path of the table that `path` matches, for logs.
pub fn pattern(path: &str) -> &'static str {
    ROUTES.iter().find(|route| matches(route.path, path, &mut Vec::new())).map_or("none", |route| route.path)
}

fn matches(pattern: &str, path: &str, params: &mut Vec<String>) -> bool {
    if !pattern.contains('{') {
        return pattern == path;
    }
    params.clear();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(part)) if want.starts_with('{') && !part.is_empty() => {
                params.push(part.to_owned());
            }
            (Some(want), Some(part)) if want == part => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_parts_only() {
        let mut params = Vec::new();
        assert!(matches("/api/devices/{id}/ticket", "/api/devices/abc/ticket", &mut params));
        assert_eq!(params, ["abc"]);
        for path in
            ["/api/devices//ticket", "/api/devices/a/b/ticket", "/api/devices/a", "/api/devices/a/ticket/"]
        {
            assert!(!matches("/api/devices/{id}/ticket", path, &mut Vec::new()), "{path}");
        }
    }

    #[test]
    fn every_route_is_found_under_its_own_method_and_path() {
        for route in ROUTES {
            let Found::Route(found, _) = find(route.method.name(), route.path) else {
                panic!("{}", route.path)
            };
            assert_eq!((found.method, found.path), (route.method, route.path));
        }
        assert!(matches!(find("POST", "/api/health"), Found::OtherMethods(allowed) if allowed == "GET"));
        assert!(matches!(find("TRACE", "/api/health"), Found::OtherMethods(_)));
        assert!(matches!(find("GET", "/api/nothing"), Found::Nothing));
        assert!(matches!(find("HEAD", "/api/health"), Found::Route(..)));
    }

    #[test]
    fn names_are_unique_and_bodies_have_shapes() {
        let mut names: Vec<_> = ROUTES.iter().map(|route| route.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROUTES.len());
        for route in ROUTES {
            assert_eq!(route.takes.is_some(), route.body > 0, "{}", route.name);
            assert!(route.body <= 1 << 20, "{}", route.name);
        }
    }
}
